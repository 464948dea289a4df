package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of one direction of a WebSocket as they pass, to know where one ends.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.2">RFC 6455, section 5.2</a>
 */
final class WebSocketFrames {

    private static final int CLOSE = 8;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MASK = 4;

    private int headRead;
    private int headLength = 2;
    private int lengthEnd;
    private long left;
    private boolean closed;

    /** True when no frame has begun that has not ended. */
    boolean isBetween() {
        return headRead == 0;
    }

    /** True when a Close frame has begun: no other may follow it. */
    boolean isClosed() {
        return closed;
    }

    /** Reads {@code bytes} from the index {@code from} on, to the end of a frame or of what there is; returns the index where that is. */
    int follow(ByteBuf bytes, int from) {
        var at = from;
        while (at < bytes.writerIndex() && headRead < headLength) {
            head(bytes.getByte(at++) & 0xff);
        }
        if (headRead == headLength) {
            var payload = (int) Math.min(left, bytes.writerIndex() - at);
            left -= payload;
            at += payload;
            if (left == 0) {
                headRead = 0;
                headLength = 2;
            }
        }
        return at;
    }

    private void head(int octet) {
        headRead++;
        if (headRead == 1) {
            closed |= (octet & 0x0f) == CLOSE;
        } else if (headRead == 2) {
            length(octet & 0x7f);
            headLength = lengthEnd + ((octet & 0x80) == 0 ? 0 : MASK);
        } else if (headRead <= lengthEnd) {
            // The highest bit must be 0; whoever sets it has a frame without end.
            left = (left << 8 | octet) & Long.MAX_VALUE;
        }
    }

    private void length(int told) {
        left = told < TWO_BYTES ? told : 0;
        lengthEnd = told == TWO_BYTES ? 4 : told == EIGHT_BYTES ? 10 : 2;
    }
}
