package sluice.limiter.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.judge.RequestJudge;
import sluice.limiter.log.RequestLog;
import sluice.limiter.metrics.SidecarMetrics;
import sluice.limiter.schedule.Repeated;

/** The data port. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
public final class ProxyServer {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

    private static final long TICK_MILLIS = 250;
    private static final int BACKLOG = 1024;

    private final ProxyEnvironment environment;
    private final EventLoop loop;
    private final Channel listener;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private @Nullable Future<?> ticks;
    private @Nullable Long stopBy;
    private long farewellsBy;

    private ProxyServer(ProxyEnvironment environment, EventLoop loop, Channel listener) {
        this.environment = environment;
        this.loop = loop;
        this.listener = listener;
    }

    /** Listens, and serves everything on {@code loop}, which {@code transport} made. */
    public static ProxyServer start(
            ProxySettings settings,
            Transport transport,
            EventLoop loop,
            RequestJudge judge,
            SidecarMetrics metrics,
            RequestLog log) {
        return start(settings, transport, loop, judge, metrics, log, MemoryBudget.ofThisProcess());
    }

    /** Lets all clients together keep {@code memory} bytes. */
    static ProxyServer start(
            ProxySettings settings,
            Transport transport,
            EventLoop loop,
            RequestJudge judge,
            SidecarMetrics metrics,
            RequestLog log,
            long memory) {
        var timeouts = settings.tuning().timeouts();
        var upstreams = new UpstreamPool(settings.upstream(), transport.channel(), loop, timeouts);
        var streamUpstreams = new Http2Upstreams(settings.upstream(), transport.channel(), loop, timeouts);
        var environment = new ProxyEnvironment(judge, metrics, log, timeouts, upstreams, streamUpstreams, memory);
        var listener = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // A client that is gone without a word would keep its WebSocket for ever.
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new Pipeline(
                        environment, new ClientDoor(settings.tuning().maxConnections())))
                .bind(settings.listen())
                .syncUninterruptibly()
                .channel();
        var server = new ProxyServer(environment, loop, listener);
        var ticking = new Repeated("Connections could not be looked at", server::tick);
        server.ticks = loop.scheduleAtFixedRate(ticking, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return server;
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {

        private final ProxyEnvironment environment;
        private final ClientDoor door;

        private Pipeline(ProxyEnvironment environment, ClientDoor door) {
            this.environment = environment;
            this.door = door;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            door.entered(channel);
            Transport.limitUnsent(channel);
            var decoder = new StrictRequestDecoder(new Http2Door(channel, environment)::open);
            var encoder = new ClientEncoder();
            channel.pipeline()
                    .addLast(decoder)
                    .addLast(encoder)
                    .addLast(new ClientConnection(channel, environment, decoder, encoder));
        }
    }

    /** The port that it listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Whom to believe from the next request on. */
    public void trust(TrustRules rules) {
        environment.trust(rules);
    }

    /**
     * From now on every answer closes its connection, and WebSockets are told to close, for clients to go elsewhere; requests are still
     * served.
     */
    public void drain() {
        environment.drain();
    }

    public boolean draining() {
        return environment.draining();
    }

    /**
     * Stops accepting and closes what is idle. Requests that are being served get {@code grace} to end: the app all of it, a
     * client {@link ProxyTimeouts#stopping} between two pieces. What is left after it is closed, and counted in the log.
     */
    public CompletableFuture<Void> stop(Duration grace) {
        loop.execute(() -> {
            environment.stop();
            listener.close();
            List.copyOf(environment.clients()).forEach(Watched::closeIfIdle);
            var now = System.nanoTime();
            stopBy = now + grace.toNanos();
            farewellsBy = now + environment.timeouts().stopping().toNanos();
            tick();
        });
        return stopped;
    }

    private void tick() {
        var now = System.nanoTime();
        List.copyOf(environment.clients()).forEach(client -> client.tick(now));
        environment.upstreams().tick(now);
        environment.streamUpstreams().tick(now);
        List.copyOf(environment.tunnels()).forEach(tunnel -> tunnel.tick(now));
        environment.memory().tick(now);
        environment.metrics().tick(now);
        if (environment.draining()) {
            List.copyOf(environment.tunnels()).forEach(Tunnel::sayFarewell);
        }
        if (stopBy != null && (isQuiet(now) || now - stopBy >= 0)) {
            end();
        }
    }

    /** True when nobody is being served, and WebSockets are closed or have had the time for it. */
    private boolean isQuiet(long now) {
        return environment.clients().isEmpty()
                && (now - farewellsBy >= 0 || environment.tunnels().stream().noneMatch(Tunnel::isWebSocket));
    }

    private void end() {
        if (!stopped.isDone()) {
            logCutOff(environment.clients().stream().filter(Watched::isBusy).count());
            List.copyOf(environment.clients()).forEach(Watched::closeNow);
            List.copyOf(environment.tunnels()).forEach(Tunnel::close);
            environment.upstreams().close();
            environment.streamUpstreams().close();
            cancelTicks();
            environment.memory().tell();
            stopped.complete(null);
        }
    }

    private void cancelTicks() {
        if (ticks != null) {
            ticks.cancel(false);
        }
    }

    private static void logCutOff(long clients) {
        if (clients > 0) {
            LOG.atWarn()
                    .setMessage("Closing connections that were still busy")
                    .addKeyValue("connections", clients)
                    .log();
        }
    }
}
