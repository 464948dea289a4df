package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/**
 * Passes what the app sends over a WebSocket on to the client, until the client is to go elsewhere: then it gets a Close frame, 1001,
 * behind the frame that is on its way, and nothing more. The client answers the app's way, and the app closes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1">RFC 6455, section 7.4.1</a>
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends in channelInactive.
final class WebSocketFarewell {

    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xe9};

    private final Channel client;
    private final WebSocketFrames frames = new WebSocketFrames();
    private boolean wanted;
    private boolean said;

    WebSocketFarewell(Channel client) {
        this.client = client;
    }

    /** Says it as soon as a frame ends; not to a client that the app has said it to. */
    void say() {
        wanted = true;
        if (frames.isBetween() && !said && !frames.isClosed()) {
            said = true;
            client.writeAndFlush(Unpooled.wrappedBuffer(GOING_AWAY));
        }
    }

    /** Takes over {@code bytes}. */
    void pass(ByteBuf bytes) {
        if (said) {
            bytes.release();
            return;
        }
        var at = bytes.readerIndex();
        do {
            at = frames.follow(bytes, at);
        } while (at < bytes.writerIndex() && !(wanted && frames.isBetween()));
        client.write(bytes.writerIndex(at), client.voidPromise());
        if (wanted) {
            say();
        }
    }
}
