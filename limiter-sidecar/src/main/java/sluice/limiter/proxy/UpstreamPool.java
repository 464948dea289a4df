package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/** The connections of one event loop to the app. Those that are kept are used again last in, first out, so that few stay. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class UpstreamPool implements Upstreams {

    private static final String REFUSED = "The app does not accept connections.";

    private final AppConnector connector;
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<Forwarding> waiting = new ArrayDeque<>();
    private int underWay;
    private final InetSocketAddress app;
    private final long keepNanos;

    UpstreamPool(InetSocketAddress app, Class<? extends Channel> channel, EventLoop loop, ProxyTimeouts timeouts) {
        this.app = app;
        this.keepNanos = timeouts.upstreamIdle().toNanos();
        this.connector = new AppConnector(app, channel, loop, timeouts.connect(), new Pipeline());
    }

    private final class Pipeline extends ChannelInitializer<SocketChannel> {

        @Override
        protected void initChannel(SocketChannel channel) {
            Transport.limitUnsent(channel);
            var decoder = new UpstreamDecoder();
            channel.pipeline()
                    .addLast(decoder)
                    .addLast(new HttpRequestEncoder())
                    .addLast(new UpstreamConnection(channel, decoder, UpstreamPool.this));
        }
    }

    /** The app's address as {@code Host} has it. */
    String authority() {
        return app.getHostString() + ":" + app.getPort();
    }

    /** Gives {@code forwarding} a connection: one that is kept, or else whichever is new or free first. */
    @Override
    public void acquire(Forwarding forwarding) {
        var now = System.nanoTime();
        for (var kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            if (kept.isUsable() && now - kept.idleSince() < keepNanos && kept.mayCarry(forwarding.shape())) {
                forwarding.connected(kept);
                return;
            }
            kept.closeLater();
        }
        waiting.add(forwarding);
        underWay++;
        connector.connect(connecting -> {
            underWay--;
            if (connecting.isSuccess() && connecting.channel().isActive()) {
                keep(handlerOf(connecting));
            } else {
                failed(forwarding);
            }
        });
    }

    // Its own connection may have gone to somebody who waited longer: nobody may wait for more connections than are
    // under way.
    private void failed(Forwarding forwarding) {
        if (waiting.size() > underWay) {
            var left = waiting.remove(forwarding) ? forwarding : waiting.removeFirst();
            left.connectFailed(REFUSED);
        }
    }

    /** Gives {@code forwarding} a new connection and no other. */
    @Override
    public void connectFor(Forwarding forwarding) {
        connector.connect(connecting -> {
            if (connecting.isSuccess()) {
                forwarding.connected(handlerOf(connecting));
            } else {
                forwarding.connectFailed(REFUSED);
            }
        });
    }

    private static UpstreamConnection handlerOf(ChannelFuture connecting) {
        return connecting.channel().pipeline().get(UpstreamConnection.class);
    }

    @Override
    public void cancel(Forwarding forwarding) {
        waiting.remove(forwarding);
    }

    /** Gives the connection to whoever has waited longest, or keeps it. */
    void keep(UpstreamConnection connection) {
        if (!connection.isUsable()) {
            return;
        }
        var next = waiting.pollFirst();
        if (next != null) {
            next.connected(connection);
        } else {
            connection.idleFrom(System.nanoTime());
            idle.addFirst(connection);
        }
    }

    void forget(UpstreamConnection connection) {
        idle.remove(connection);
    }

    /** Closes those that have been idle for too long. */
    void tick(long now) {
        while (!idle.isEmpty() && now - idle.getLast().idleSince() >= keepNanos) {
            idle.removeLast().close();
        }
    }

    void close() {
        while (!idle.isEmpty()) {
            idle.removeLast().close();
        }
    }
}
