package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of HTTP/2 of one event loop to the app, one as a rule: another one only when those that there are have no room for a
 * stream. Nothing is sent before the app's SETTINGS have shown that it speaks HTTP/2.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class Http2Upstreams implements Upstreams {

    static final String LOST = "The app closed the connection.";

    private static final String REFUSED = "The app does not accept connections.";
    private static final String NOT_SPOKEN =
            "The request came as HTTP/2, which the app does not speak without TLS (h2c, with prior knowledge).";
    private static final String NO_STREAMS = "The app takes no requests over HTTP/2.";

    private final AppConnector connector;
    private final List<Http2AppConnection> connections = new ArrayList<>();
    private final ArrayDeque<Forwarding> waiting = new ArrayDeque<>();
    private final long keepNanos;
    private final long connectNanos;
    private int underWay;
    private int room = Http2Codecs.MAX_STREAMS;

    Http2Upstreams(InetSocketAddress app, Class<? extends Channel> channel, EventLoop loop, ProxyTimeouts timeouts) {
        this.keepNanos = timeouts.upstreamIdle().toNanos();
        this.connectNanos = timeouts.connect().toNanos();
        this.connector = new AppConnector(app, channel, loop, timeouts.connect(), new Pipeline());
    }

    private final class Pipeline extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            Transport.limitUnsent(channel);
            channel.pipeline()
                    .addLast(new FlushConsolidationHandler(
                            FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true))
                    .addLast(Http2Codecs.forApp())
                    .addLast(new Http2AppConnection(channel, Http2Upstreams.this))
                    // The app opens no streams: push is switched off.
                    .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
        }
    }

    @Override
    public void acquire(Forwarding forwarding) {
        var connection = withRoom();
        if (connection != null) {
            connection.carry(forwarding);
        } else {
            waiting.add(forwarding);
            connectAsNeeded();
        }
    }

    private @Nullable Http2AppConnection withRoom() {
        for (var connection : connections) {
            if (connection.hasRoom()) {
                return connection;
            }
        }
        return null;
    }

    /** The same: a connection that is closed or going away is taken for nothing else. */
    @Override
    public void connectFor(Forwarding forwarding) {
        acquire(forwarding);
    }

    @Override
    public void cancel(Forwarding forwarding) {
        waiting.remove(forwarding);
    }

    private void connectAsNeeded() {
        while (waiting.size() > (long) underWay * room) {
            connect();
        }
    }

    private void connect() {
        underWay++;
        connector.connect(connecting -> {
            if (!connecting.isSuccess()) {
                failed(REFUSED);
            } else if (connecting.channel().isActive()) {
                connections.add(connecting.channel().pipeline().get(Http2AppConnection.class));
            }
        });
    }

    /** The app's first SETTINGS have come. */
    void ready(Http2AppConnection connection) {
        underWay--;
        if (connection.room() == 0) {
            failAll(NO_STREAMS);
            connection.close();
        }
        // The next one may have room: with none expected, no number of connections would be enough for who waits.
        room = Math.max(1, connection.room());
        roomFreed();
    }

    /** Gives room to those who wait. */
    void roomFreed() {
        for (var next = waiting.isEmpty() ? null : withRoom();
                next != null;
                next = waiting.isEmpty() ? null : withRoom()) {
            next.carry(waiting.removeFirst());
        }
        if (!waiting.isEmpty()) {
            connectAsNeeded();
        }
    }

    private void failed(String why) {
        underWay--;
        if (underWay == 0) {
            failAll(why);
        }
    }

    private void failAll(String why) {
        for (var left = waiting.pollFirst(); left != null; left = waiting.pollFirst()) {
            left.connectFailed(why);
        }
    }

    /** The connection is gone. */
    void forget(Http2AppConnection connection) {
        connections.remove(connection);
        if (!connection.isReady()) {
            failed(NOT_SPOKEN);
        }
    }

    /** Closes those that have been idle for too long, and those on which the app has said nothing. */
    void tick(long now) {
        for (var connection : List.copyOf(connections)) {
            if (connection.isReady()
                    ? connection.isIdleFor(keepNanos, now)
                    : now - connection.connectedAt() >= connectNanos) {
                connection.close();
            }
        }
    }

    void close() {
        List.copyOf(connections).forEach(Http2AppConnection::close);
    }
}
