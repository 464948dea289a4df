package sluice.limiter.proxy;

import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.socket.SocketChannel;

/** Closes a connection at once, past whoever would let it linger. */
@SuppressWarnings("FutureReturnValueIgnored") // It ends in channelInactive.
final class Breaking {

    private Breaking() {}

    /** With a reset, so that half of what was written cannot be taken for the whole. */
    static void off(SocketChannel channel) {
        if (!channel.isOpen()) {
            return;
        }
        channel.config().setSoLinger(0);
        head(channel).close();
    }

    /** In order: what the kernel has taken arrives, unless the client goes on sending. */
    static void close(SocketChannel channel) {
        var head = head(channel);
        head.flush();
        head.close();
    }

    private static ChannelOutboundInvoker head(SocketChannel channel) {
        var first = channel.pipeline().firstContext();
        return first == null ? channel : first;
    }
}
