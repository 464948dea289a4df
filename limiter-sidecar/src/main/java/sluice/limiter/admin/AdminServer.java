package sluice.limiter.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;

/**
 * The admin port: {@code /startup}, {@code /live}, {@code /ready}, {@code /metrics} and {@code /drain}. It has an event loop of its own, so
 * that a scrape delays no request.
 */
public final class AdminServer {

    private static final int IDLE_SECONDS = 60;
    private static final int MAX_BODY = 4 * 1024;

    private final Channel listener;

    private AdminServer(Channel listener) {
        this.listener = listener;
    }

    /** Listens on {@code port}, 0 for a free one. */
    public static AdminServer start(
            int port, Class<? extends ServerSocketChannel> channel, EventLoop loop, AdminState state) {
        var listener = new ServerBootstrap()
                .group(loop)
                .channel(channel)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new Pipeline(state))
                .bind(port)
                .syncUninterruptibly()
                .channel();
        return new AdminServer(listener);
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {

        private final AdminState state;

        private Pipeline(AdminState state) {
            this.state = state;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline()
                    .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(MAX_BODY))
                    .addLast(new AdminHandler(state));
        }
    }

    /** The port that it listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }
}
