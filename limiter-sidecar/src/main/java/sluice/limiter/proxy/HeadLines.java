package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;

/** Looks at lines before Netty's decoder does, which repairs what it could refuse. What is looked at begins with a line. */
final class HeadLines {

    private static final short CRLF = HttpConstants.CR << 8 | HttpConstants.LF;

    private HeadLines() {}

    /** Skips the empty lines that RFC 9112, section 2.2, has a server take before a request. */
    static void skipEmpty(ByteBuf in) {
        while (in.readableBytes() >= 2 && in.getShort(in.readerIndex()) == CRLF) {
            in.skipBytes(2);
        }
    }

    /** True when the next byte must tell whether this is an empty line. */
    static boolean isHalfEmpty(ByteBuf in) {
        return in.readableBytes() == 1 && in.getByte(in.readerIndex()) == HttpConstants.CR;
    }

    /** True when the first line begins with white space or a control character: Netty would skip it. */
    static boolean beginsWithBlank(ByteBuf in) {
        return (in.getByte(in.readerIndex()) & 0xff) <= HttpConstants.SP;
    }

    /** True when a line goes on in the next one, before the empty line that ends them (RFC 9112, section 5.2). */
    static boolean isFolded(ByteBuf in) {
        var line = in.readerIndex();
        while (line < in.writerIndex()) {
            var first = in.getByte(line);
            if (first == HttpConstants.SP || first == HttpConstants.HT) {
                return true;
            }
            var end = in.indexOf(line, in.writerIndex(), HttpConstants.LF);
            if (end < 0 || first == HttpConstants.CR || first == HttpConstants.LF) {
                return false;
            }
            line = end + 1;
        }
        return false;
    }

    /** True when the line from {@code start} on is the size of the last chunk, of which Netty has taken that it is a size. */
    static boolean isLastChunk(ByteBuf in, int start, int end) {
        var at = start;
        while (at < end && in.getByte(at) == '0') {
            at++;
        }
        return at > start && at < end && Character.digit(in.getByte(at), 16) < 0;
    }
}
