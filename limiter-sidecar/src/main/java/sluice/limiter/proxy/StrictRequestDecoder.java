package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's decoder without its leniencies: nothing but empty lines before a request, exactly one space between the parts of its line,
 * HTTP/1.0 or 1.1, and no header or trailer that goes on in the next line (RFC 9112, sections 2.2, 3 and 5.2). What two parsers may read
 * differently is refused, not repaired.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

    /** Together, in bytes. */
    static final int MAX_HEADERS = 32 * 1024;

    /** One header's or trailer's name and value, in bytes. */
    static final int MAX_HEADER = 8 * 1024;

    /** A header of a few bytes costs memory, too: with the largest number of them, 32 KiB would become a megabyte. */
    static final int MOST_HEADERS = 200;

    /** In bytes. */
    static final int MAX_TARGET = 8 * 1024;

    private static final int REST_OF_REQUEST_LINE = 64;
    private static final int CHUNK = 64 * 1024;

    private final Runnable http2;
    private boolean mayBeHttp2 = true;
    private boolean inHead = true;
    private boolean inTrailer;
    private boolean afterRequestLine;
    private boolean lengthSeen;
    private boolean broken;
    private long headSince;
    private int headers;
    private int unfinished;

    /** Runs {@code http2}, which puts another decoder in its place, when a connection begins with the preface of HTTP/2. */
    StrictRequestDecoder(Runnable http2) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_TARGET + REST_OF_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(CHUNK)
                .setStrictLineParsing(true));
        this.http2 = http2;
    }

    /** When the head that is still incomplete began, in {@code System.nanoTime()}; 0 when there is none. */
    long headSince() {
        return headSince;
    }

    /** The memory of what has been read and that no part of a message has come of, in bytes. */
    long kept() {
        return unfinished + actualReadableBytes() + (long) headers * Kept.PER_HEADER;
    }

    /** True when something has been read that no message has come of. */
    boolean isAmidst() {
        return headSince != 0 || broken;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (mayBeHttp2 && isHttp2(in)) {
            return;
        }
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (isBetweenRequests()) {
            HeadLines.skipEmpty(in);
        }
        if (!in.isReadable() || (isBetweenRequests() && HeadLines.isHalfEmpty(in))) {
            return;
        }
        if (isMalformed(in)) {
            in.skipBytes(in.readableBytes());
            refuse(out);
        } else {
            decodeLines(ctx, in, out);
        }
    }

    private boolean isBetweenRequests() {
        return inHead && !afterRequestLine;
    }

    private boolean isMalformed(ByteBuf in) {
        return (isBetweenRequests() && HeadLines.beginsWithBlank(in))
                || ((inHead || inTrailer) && HeadLines.isFolded(in));
    }

    private void decodeLines(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        var first = out.size();
        var start = in.readerIndex();
        super.decode(ctx, in, out);
        for (var i = first; i < out.size(); i++) {
            follow(out.get(i));
        }
        if (out.size() > first) {
            unfinished = 0;
            headers = 0;
        } else {
            unfinished += in.readerIndex() - start;
            // The size of a chunk is taken alone, and nothing else of a body without a sign of it.
            inTrailer |= !inHead && HeadLines.isLastChunk(in, start, in.readerIndex());
            if (inHead && headSince == 0) {
                headSince = System.nanoTime();
            }
        }
    }

    /** True when it is, or when more bytes must tell. */
    private boolean isHttp2(ByteBuf in) {
        var preface = Http2Door.PREFACE;
        var length = Math.min(in.readableBytes(), preface.readableBytes());
        mayBeHttp2 = ByteBufUtil.equals(in, in.readerIndex(), preface, 0, length);
        if (mayBeHttp2 && length == preface.readableBytes()) {
            http2.run();
        } else if (mayBeHttp2 && headSince == 0) {
            headSince = System.nanoTime();
        }
        return mayBeHttp2;
    }

    private void refuse(List<Object> out) {
        HttpObject invalid = inHead ? createInvalidMessage() : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        invalid.setDecoderResult(DecoderResult.failure(
                new IllegalArgumentException("A line begins with white space or a control character")));
        broken = true;
        out.add(invalid);
    }

    private void follow(Object decoded) {
        if (decoded instanceof HttpRequest) {
            inHead = false;
            afterRequestLine = false;
            lengthSeen = false;
            headSince = 0;
        }
        if (decoded instanceof LastHttpContent last) {
            inHead = true;
            inTrailer = false;
            if (HeadCheck.hasOversized(last.trailingHeaders())) {
                last.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException("A trailer is too long")));
            }
        }
        broken |= decoded instanceof HttpObject part && part.decoderResult().isFailure();
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneSpaceBefore(line, start);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireOneSpaceBefore(line, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    private static void requireOneSpaceBefore(byte[] line, int start) {
        if (start < 2 || line[start - 1] != HttpConstants.SP || (line[start - 2] & 0xff) <= HttpConstants.SP) {
            throw new IllegalArgumentException("The parts of the request line are not separated by one space");
        }
    }

    /** Refuses too many headers, and a second length: of two in HTTP/1.0 Netty would take the first, and whoever is in front of us perhaps the other. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        headers++;
        if (headers > MOST_HEADERS) {
            throw new TooLongHttpHeaderException("More than " + MOST_HEADERS + " headers");
        }
        var name = super.splitHeaderName(line, start, length);
        if (inHead && HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)) {
            if (lengthSeen) {
                throw new IllegalArgumentException("More than one Content-Length");
            }
            lengthSeen = true;
        }
        return name;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) throws Exception {
        var version = initialLine[2];
        if (!version.equals(HttpVersion.HTTP_1_1.text()) && !version.equals(HttpVersion.HTTP_1_0.text())) {
            throw new IllegalArgumentException("Not HTTP/1.1 or HTTP/1.0");
        }
        afterRequestLine = true;
        return super.createMessage(initialLine);
    }
}
