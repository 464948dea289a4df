package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Sees where in a frame of HTTP/2 the bytes of a client end. Of a frame that is not whole, and of a head whose continuation is missing, the
 * codec says nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-4.1">RFC 9113, section 4.1</a>
 */
final class Http2FrameWatch extends ChannelInboundHandlerAdapter {

    private static final int FRAME_HEADER = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int NO_TYPE = -1;
    private static final int END_HEADERS = 4;

    /** What is left of the current payload; the preface is one at first. */
    private int left = Http2Door.PREFACE.readableBytes();

    private int headerRead = FRAME_HEADER;
    private int length;
    private int type = NO_TYPE;
    private int flags;
    private boolean headOpen;
    private int bytes;
    private long since;

    /** When the frame or head that is not whole began, in {@code System.nanoTime()}; 0 when there is none, or when it is of a body. */
    long since() {
        return since;
    }

    /** What has come of it, and is kept until it is whole. */
    int bytes() {
        return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof ByteBuf in) {
            follow(in);
        }
        ctx.fireChannelRead(msg);
    }

    private void follow(ByteBuf in) {
        var at = in.readerIndex();
        while (at < in.writerIndex()) {
            if (headerRead < FRAME_HEADER) {
                readHeader(in.getUnsignedByte(at));
                at++;
                bytes++;
            } else {
                var skipped = Math.min(left, in.writerIndex() - at);
                left -= skipped;
                at += skipped;
                bytes += skipped;
            }
            if (headerRead == FRAME_HEADER && left == 0) {
                frameEnded();
            }
        }
        if (bytes == 0 || (type == DATA && !headOpen)) {
            since = 0;
        } else if (since == 0) {
            since = System.nanoTime();
        }
    }

    private void readHeader(int octet) {
        if (headerRead < LENGTH_BYTES) {
            length = length << Byte.SIZE | octet;
        } else if (headerRead == TYPE_AT) {
            type = octet;
        } else if (headerRead == FLAGS_AT) {
            flags = octet;
        }
        headerRead++;
        left = length;
    }

    private void frameEnded() {
        if (type == HEADERS || type == CONTINUATION) {
            headOpen = (flags & END_HEADERS) == 0;
        }
        headerRead = 0;
        length = 0;
        type = NO_TYPE;
        if (!headOpen) {
            bytes = 0;
            since = 0;
        }
    }
}
