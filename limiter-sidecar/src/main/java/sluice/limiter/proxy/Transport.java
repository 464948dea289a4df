package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** How sockets are driven. */
public record Transport(
        String name,
        IoHandlerFactory handlers,
        Class<? extends ServerSocketChannel> serverChannel,
        Class<? extends SocketChannel> channel) {

    private static final int TCP_ESTABLISHED = 1;

    private static final int MOST_UNSENT = 64 << 10;

    /** epoll where its native library loads, else nio. */
    public static Transport best() {
        return Epoll.isAvailable() ? epoll() : nio();
    }

    static Transport epoll() {
        return new Transport(
                "epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    static Transport nio() {
        return new Transport("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    /** One event loop; its thread carries {@code threadName}. */
    public IoEventLoopGroup newLoop(String threadName) {
        return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(threadName), handlers);
    }

    /**
     * Has the kernel take little that it cannot send yet. It would take megabytes, and more of them only when a third has gone: whoever
     * reads them slowly would look like somebody who reads nothing, and what it has taken is lost with the connection.
     */
    static void limitUnsent(Channel channel) {
        if (channel instanceof EpollSocketChannel epoll) {
            try {
                epoll.config().setTcpNotSentLowAt(MOST_UNSENT);
            } catch (ChannelException unknown) {
                // Not every kernel that takes itself for Linux has it, and without it everything works that did before.
            }
        }
    }

    /** True when the kernel has something that the other end's has not: some is on its way, or waits, as is known a moment after it began to. */
    static boolean hasUndelivered(Channel channel) {
        if (!(channel instanceof EpollSocketChannel epoll) || !epoll.isOpen()) {
            return false;
        }
        var info = epoll.tcpInfo();
        return info.unacked() > 0 || info.backoff() > 0;
    }

    /** False when the kernel knows that the other end has closed, which the loop may not have come to hear of. */
    static boolean isOpenAtBothEnds(Channel channel) {
        return !(channel instanceof EpollSocketChannel epoll) || epoll.tcpInfo().state() == TCP_ESTABLISHED;
    }
}
