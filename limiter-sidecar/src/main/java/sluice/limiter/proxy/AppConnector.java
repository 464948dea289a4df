package sluice.limiter.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Opens one event loop's connections to the app. */
@SuppressWarnings("FutureReturnValueIgnored") // The listener is told.
final class AppConnector {

    private final EventLoop loop;
    private final Bootstrap bootstrap;

    AppConnector(
            InetSocketAddress app,
            Class<? extends Channel> channel,
            EventLoop loop,
            Duration timeout,
            ChannelHandler pipeline) {
        this.loop = loop;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(channel)
                .remoteAddress(app)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
                .handler(pipeline);
    }

    /** Tells {@code then}, on the event loop, when there is a connection or there will be none. */
    void connect(Consumer<ChannelFuture> then) {
        bootstrap.connect().addListener((ChannelFuture connecting) -> {
            // Of a socket that cannot be made, for want of file descriptors say, Netty tells on a thread of its own.
            if (loop.inEventLoop()) {
                then.accept(connecting);
            } else {
                loop.execute(() -> then.accept(connecting));
            }
        });
    }
}
