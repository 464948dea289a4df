package sluice.limiter.proxy;

import io.netty.channel.IoEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;
import sluice.limiter.judge.Arm;
import sluice.limiter.log.RequestLog;
import sluice.limiter.metrics.ArmRevision;
import sluice.limiter.metrics.MetricsFormat;
import sluice.limiter.metrics.SidecarMetrics;

/** A proxy between a fake app and raw clients. */
final class ProxyHarness implements AutoCloseable {

    /** A connection that is kept is there for the next request however long that takes: when it is closed is not what most tests are about. */
    private static final ProxyTuning USUAL = Timeouts.upstreamIdle(Duration.ofMinutes(1));

    private final FakeApp app;
    private final FakeJudge judge = new FakeJudge();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final SidecarMetrics metrics = new SidecarMetrics(SidecarMetrics.newRegistry());
    private final RequestLog log = RequestLog.start(logged, metrics::logLineDropped);
    private final IoEventLoopGroup loop;
    private final ProxyServer server;

    ProxyHarness() {
        this(Transport.best(), USUAL);
    }

    ProxyHarness(ProxyTuning tuning) {
        this(Transport.best(), tuning);
    }

    ProxyHarness(Transport transport, ProxyTuning tuning) {
        this(transport, tuning, new FakeApp());
    }

    /** In front of something else than the fake app. */
    ProxyHarness(InetSocketAddress upstream) {
        this(Transport.best(), USUAL, new FakeApp(), upstream);
    }

    ProxyHarness(ProxyTuning tuning, InetSocketAddress upstream) {
        this(Transport.best(), tuning, new FakeApp(), upstream);
    }

    /** With no more than so many bytes for all that clients keep in memory. */
    static ProxyHarness withMemory(long memory) {
        var app = new FakeApp();
        return new ProxyHarness(Transport.best(), USUAL, app, app.address(), memory);
    }

    static ProxyHarness withMemory(long memory, InetSocketAddress upstream) {
        return new ProxyHarness(Transport.best(), USUAL, new FakeApp(), upstream, memory);
    }

    private ProxyHarness(Transport transport, ProxyTuning tuning, FakeApp app) {
        this(transport, tuning, app, app.address());
    }

    private ProxyHarness(Transport transport, ProxyTuning tuning, FakeApp app, InetSocketAddress upstream) {
        this(transport, tuning, app, upstream, MemoryBudget.ofThisProcess());
    }

    private ProxyHarness(
            Transport transport, ProxyTuning tuning, FakeApp app, InetSocketAddress upstream, long memory) {
        this.app = app;
        loop = transport.newLoop("test-data");
        var settings = new ProxySettings(new InetSocketAddress(0), upstream, tuning);
        server = ProxyServer.start(settings, transport, loop.next(), judge, metrics, log, memory);
        metrics.configured(
                "scholarship-api",
                List.of(
                        new ArmRevision(Arm.STABLE, "off", List.of()),
                        new ArmRevision(Arm.CANDIDATE, "3f9a0c12de", List.of("api"))),
                7,
                10);
    }

    /** Keeps the event loop from doing anything until {@code task} has run. */
    void blockingTheLoop(Executable task) throws Throwable {
        var mayGoOn = new CountDownLatch(1);
        var blocked = new CountDownLatch(1);
        loop.execute(() -> {
            blocked.countDown();
            try {
                mayGoOn.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        blocked.await(30, TimeUnit.SECONDS);
        try {
            task.execute();
        } finally {
            mayGoOn.countDown();
        }
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

    /** A connected socket for which the client's kernel takes no more than about that many bytes. */
    Socket connect(int receiveBuffer) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        return socket;
    }

    void trustLoopback(String... headers) {
        server.trust(new TrustRules(peer -> peer.isLoopbackAddress(), Set.of(headers)));
    }

    String metrics() {
        return metrics.scrape(MetricsFormat.TEXT);
    }

    /** The lines of the request log so far. */
    List<String> logLines() {
        return logged.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** From now on the app reads every request to its end and answers with these bytes. */
    void appAnswers(String answer) {
        app().playing(connection -> {
            for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                connection.readBody(head);
                connection.send(answer);
            }
        });
    }

    @Override
    public void close() {
        server.stop(Duration.ZERO).orTimeout(30, TimeUnit.SECONDS).join();
        app.close();
        log.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
