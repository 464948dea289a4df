package sluice.limiter.proxy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.IoEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import sluice.limiter.judge.Arm;
import sluice.limiter.log.RequestLog;
import sluice.limiter.metrics.ArmRevision;
import sluice.limiter.metrics.SidecarMetrics;

/** A proxy between a fake app and raw clients. */
final class ProxyHarness implements AutoCloseable {

    private final FakeApp app;
    private final FakeJudge judge = new FakeJudge();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final SidecarMetrics metrics = new SidecarMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    private final RequestLog log = RequestLog.start(logged, metrics::logLineDropped);
    private final IoEventLoopGroup loop;
    private final ProxyServer server;

    ProxyHarness() {
        this(Transport.best(), timeouts -> timeouts);
    }

    ProxyHarness(UnaryOperator<ProxyTimeouts> timeouts) {
        this(Transport.best(), timeouts);
    }

    ProxyHarness(Transport transport, UnaryOperator<ProxyTimeouts> timeouts) {
        this(transport, timeouts, new FakeApp());
    }

    /** In front of something else than the fake app. */
    ProxyHarness(InetSocketAddress upstream) {
        this(Transport.best(), timeouts -> timeouts, new FakeApp(), upstream);
    }

    private ProxyHarness(Transport transport, UnaryOperator<ProxyTimeouts> timeouts, FakeApp app) {
        this(transport, timeouts, app, app.address());
    }

    private ProxyHarness(
            Transport transport, UnaryOperator<ProxyTimeouts> timeouts, FakeApp app, InetSocketAddress upstream) {
        this.app = app;
        loop = transport.newLoop("test-data");
        var settings = new ProxySettings(0, upstream, timeouts.apply(ProxyTimeouts.DEFAULTS));
        server = ProxyServer.start(settings, transport, loop.next(), judge, metrics, log);
        metrics.configured(
                "scholarship-api",
                List.of(new ArmRevision(Arm.STABLE, "off"), new ArmRevision(Arm.CANDIDATE, "3f9a0c12de")),
                7,
                10);
    }

    FakeApp app() {
        return app;
    }

    FakeJudge judge() {
        return judge;
    }

    ProxyServer server() {
        return server;
    }

    RawClient client() throws IOException {
        return new RawClient(server.port());
    }

    void trustLoopback(String... headers) {
        server.trust(new TrustRules(peer -> peer.isLoopbackAddress(), Set.of(headers)));
    }

    String metrics() {
        return metrics.scrape();
    }

    /** The lines of the request log so far. */
    List<String> logLines() {
        return logged.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public void close() {
        server.stop(Duration.ZERO).orTimeout(5, TimeUnit.SECONDS).join();
        app.close();
        log.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
