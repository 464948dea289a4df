package sluice.limiter.warmup;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.control.RehearsalJudge;
import sluice.limiter.judge.Arm;
import sluice.limiter.log.RequestLog;
import sluice.limiter.metrics.ArmRevision;
import sluice.limiter.metrics.MetricsFormat;
import sluice.limiter.metrics.SidecarMetrics;
import sluice.limiter.proxy.ProxyServer;
import sluice.limiter.proxy.ProxySettings;
import sluice.limiter.proxy.ProxyTuning;
import sluice.limiter.proxy.Transport;
import sluice.limiter.proxy.TrustRules;

/** A whole sidecar on the loopback, between stand-ins: half of its callers are limited in memory, the others by Redis. */
final class Rehearsal implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(1);
    static final int MOST_OF_A_MESSAGE = 4 * 1024;

    /** The timeout is long, for slow code is what a rehearsal begins with. */
    private static final String CONFIG = """
            {"version": 1, "rollout": {"namespace": "warm-up", "name": "warm-up", "uid": "warm-up"}, "epoch": 1, "weight": 50, "replicas": 1,
             "armIdentity": {"userHeader": "X-User-Id", "trustedProxies": ["127.0.0.0/8"], "ipv6Prefix": 64},
             "stable": {"revision": "memory", "backend": "Memory", "enforcement": "Enforce", "exemptPaths": ["/healthz"],
              "limits": %1$s, "identity": %2$s},
             "candidate": {"revision": "redis", "backend": "Redis", "enforcement": "Enforce", "exemptPaths": ["/healthz"],
              "redis": {"secret": "warm-up", "timeoutMillis": 1000}, "limits": %1$s, "identity": %2$s}}
            """.formatted("""
                    [{"name": "api", "match": {"path": null, "pathPrefix": "/", "methods": [], "headers": {}},
                      "tokens": 1000000, "periodMillis": 1000, "burst": 1000000},
                     {"name": "few", "match": {"path": "%s", "pathPrefix": null, "methods": [], "headers": {}},
                      "tokens": 1, "periodMillis": 60000, "burst": 1}]
                    """.formatted(Callers.LIMITED_PATH), """
                    {"userHeader": "X-User-Id", "trustedProxies": ["127.0.0.0/8"], "ipv6Prefix": 64}
                    """);

    // First, for it is what may fail.
    private final Path secrets = Files.createTempDirectory("sluice-warm-up");
    private final Transport transport;
    private final EventLoop side;
    private final PrometheusMeterRegistry registry = SidecarMetrics.newRegistry();
    private final SidecarMetrics metrics = new SidecarMetrics(registry);
    private final RequestLog log = RequestLog.start(OutputStream.nullOutputStream(), metrics::logLineDropped);
    private final Channel app;
    private final Channel redis;
    private final RehearsalJudge judge;
    private final ProxyServer proxy;
    private final Callers callers;

    private Rehearsal(Transport transport, EventLoop data, EventLoop side) throws IOException {
        this.transport = transport;
        this.side = side;
        app = listen(channel -> channel.pipeline()
                .addLast(new HttpServerCodec(), new HttpObjectAggregator(MOST_OF_A_MESSAGE), new StandInApp()));
        redis = listen(channel -> channel.pipeline().addLast(new StandInRedis()));
        var secret = Files.createDirectory(secrets.resolve("warm-up"));
        Files.writeString(
                secret.resolve("REDIS_URL"),
                "redis://127.0.0.1:" + address(redis).getPort());
        var config = LimiterConfigParser.parse(CONFIG);
        judge = RehearsalJudge.of(config, secrets, registry, data);
        proxy = ProxyServer.start(
                new ProxySettings(loopback(), address(app), ProxyTuning.DEFAULTS),
                transport,
                data,
                judge,
                metrics,
                log);
        takeUp(config);
        callers = new Callers(
                new Bootstrap().group(side).channel(transport.channel()).remoteAddress("127.0.0.1", proxy.port()));
    }

    static Rehearsal start(Transport transport, EventLoop data, EventLoop side) throws IOException {
        return new Rehearsal(transport, data, side);
    }

    private void takeUp(LimiterConfig config) {
        var arms = List.of(
                new ArmRevision(Arm.STABLE, "memory", List.of()), new ArmRevision(Arm.CANDIDATE, "redis", List.of()));
        metrics.configured(config.rollout().name(), arms, config.epoch(), config.weight());
        proxy.trust(new TrustRules(InetAddress::isLoopbackAddress, Set.of("x-user-id")));
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static InetSocketAddress address(Channel listener) {
        return (InetSocketAddress) listener.localAddress();
    }

    private Channel listen(Consumer<SocketChannel> pipeline) {
        return new ServerBootstrap()
                .group(side)
                .channel(transport.serverChannel())
                .childHandler(initializer(pipeline))
                .bind(loopback())
                .syncUninterruptibly()
                .channel();
    }

    static ChannelInitializer<SocketChannel> initializer(Consumer<SocketChannel> pipeline) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                pipeline.accept(channel);
            }
        };
    }

    /** Who makes requests from the start until it is closed. */
    Callers callers() {
        return callers;
    }

    /** What was counted, as Prometheus reads it. */
    String scrape() {
        return metrics.scrape(MetricsFormat.OPEN_METRICS);
    }

    @Override
    public void close() throws IOException {
        // Callers first, so that nobody is cut off, and Redis last, so that nobody misses it.
        callers.stop();
        proxy.stop(GRACE).join();
        judge.close();
        log.close();
        app.close().syncUninterruptibly();
        redis.close().syncUninterruptibly();
        registry.close();
        Files.deleteIfExists(secrets.resolve("warm-up").resolve("REDIS_URL"));
        Files.deleteIfExists(secrets.resolve("warm-up"));
        Files.deleteIfExists(secrets);
    }
}
