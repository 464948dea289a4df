package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;

/** How much memory something keeps, in bytes, about. */
final class Kept {

    /** Of a header beside its characters: an entry, two strings, and their arrays. */
    static final int PER_HEADER = 100;

    /** Of a piece of a body, or what of it is written at a time, beside its bytes. */
    static final int PER_PIECE = 256;

    /** Of a request beside its headers: what knows how far it has come. */
    static final int PER_MESSAGE = 512;

    /** Of a stream of HTTP/2: a channel of its own. */
    static final int PER_STREAM = 2_500;

    /** Of a connection of HTTP/2, with a table of its client's headers that is full of short ones. One of HTTP/1.1 has next to nothing. */
    static final int PER_HTTP2 = 20_000;

    /** A target is kept as it came, normalised, as it is forwarded, and as it is logged. */
    private static final int COPIES_OF_TARGET = 4;

    /** Of what was read at once, the part below which what waits of it is copied. */
    private static final int SMALL_PART = 2;

    private Kept() {}

    /** What was written to a channel, or to a stream, and has not been taken. */
    static long unsent(Channel channel) {
        if (!channel.isOpen()) {
            return 0;
        }
        var marks = channel.config().getWriteBufferWaterMark();
        var unsent = channel.isWritable()
                ? marks.high() - channel.bytesBeforeUnwritable()
                : marks.low() + channel.bytesBeforeWritable();
        // Of one whose output is shut, Netty says that it will never be writable, by the largest number there is.
        return Math.max(0, unsent);
    }

    static long of(HttpObject part) {
        var bytes = 0L;
        if (part instanceof HttpMessage message) {
            bytes += PER_MESSAGE + of(message.headers());
        }
        if (part instanceof HttpRequest request) {
            bytes += (long) COPIES_OF_TARGET * request.uri().length();
        }
        if (part instanceof HttpContent piece) {
            bytes += PER_PIECE + piece.content().readableBytes();
        }
        if (part instanceof LastHttpContent last) {
            bytes += of(last.trailingHeaders());
        }
        return bytes;
    }

    /** A part of a message as it may wait, see {@link #alone(ByteBuf)}. Takes over {@code part}. */
    static HttpObject alone(HttpObject part) {
        return part instanceof HttpContent piece ? alone(piece) : part;
    }

    /** A piece of a body as it may wait, see {@link #alone(ByteBuf)}. Takes over {@code piece}. */
    static HttpContent alone(HttpContent piece) {
        if (!isSmallPart(piece.content())) {
            return piece;
        }
        var alone = piece.replace(copied(piece.content()));
        alone.setDecoderResult(piece.decoderResult());
        return alone;
    }

    /** Bytes as they may wait: a small part of what was read at once would keep all of that. Takes over {@code bytes}. */
    static ByteBuf alone(ByteBuf bytes) {
        return isSmallPart(bytes) ? copied(bytes) : bytes;
    }

    /** Takes over {@code bytes}. */
    static ByteBuf copied(ByteBuf bytes) {
        var copy = Unpooled.copiedBuffer(bytes);
        bytes.release();
        return copy;
    }

    /** True when a copy costs less than the rest of what was read with it. */
    static boolean isSmallPart(ByteBuf bytes) {
        var read = bytes;
        while (read.unwrap() != null) {
            read = read.unwrap();
        }
        return bytes.isReadable() && bytes.readableBytes() < read.capacity() / SMALL_PART;
    }

    static long of(HttpHeaders headers) {
        var bytes = 0L;
        var all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            var header = all.next();
            bytes += PER_HEADER + header.getKey().length() + header.getValue().length();
        }
        return bytes;
    }
}
