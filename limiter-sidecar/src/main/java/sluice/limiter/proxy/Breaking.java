package sluice.limiter.proxy;

import io.netty.channel.socket.SocketChannel;

/** Breaks a connection off at once, with a reset, so that half of what was written cannot be taken for the whole. */
@SuppressWarnings("FutureReturnValueIgnored") // It ends in channelInactive.
final class Breaking {

    private Breaking() {}

    static void off(SocketChannel channel) {
        if (!channel.isOpen()) {
            return;
        }
        channel.config().setSoLinger(0);
        close(channel);
    }

    /** Closes at once, past whoever would let it linger, or would flush later; what the kernel takes still arrives. */
    static void close(SocketChannel channel) {
        var first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.flush();
            first.close();
        }
    }
}
