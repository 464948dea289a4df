package sluice.limiter.control;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.config.ConfigReader;
import sluice.limiter.config.FileContent;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.RequestHead;

/** The runtime against a bootstrap file and an operator on TLS in this process. */
abstract class StartedRuntime {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final TestCertificate CERTIFICATE = TestCertificate.forHost("localhost");

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    FakeOperator operator;
    Path folder;
    private Optional<LimiterRuntime> runtime = Optional.empty();

    @BeforeEach
    void prepare(@TempDir Path temporary) throws IOException {
        folder = temporary;
        operator = new FakeOperator(CERTIFICATE);
        Files.writeString(folder.resolve("ca.crt"), CERTIFICATE.pem());
        Files.writeString(folder.resolve("token"), "token-1\n");
    }

    @AfterEach
    void end() {
        runtime.ifPresent(LimiterRuntime::close);
        operator.close();
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    static String config(long epoch, int weight, String more) {
        return """
                {"version": 1, "rollout": {"namespace": "apps", "name": "api", "uid": "6f0c"}, "epoch": %d, "weight": %d,
                 "stable": {"revision": "off", "backend": "Off"},
                 "candidate": {"revision": "new", "backend": "Memory", "limits": []},
                 "replicas": 1 %s}
                """.formatted(epoch, weight, more);
    }

    static String config(long epoch) {
        return config(epoch, 0, "");
    }

    static String leased(long epoch, int seconds) {
        return config(epoch, 100, ", \"deadManSwitchSeconds\": " + seconds);
    }

    void bootstrap(String config) {
        try {
            Files.writeString(folder.resolve("limiter.json"), config);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    LimiterRuntime start(Optional<URI> url) {
        return start(url, InetAddress::getAllByName);
    }

    LimiterRuntime start(Optional<URI> url, ControlClient.Names names) {
        return start(url, names, LimiterConfigParser::parse);
    }

    LimiterRuntime start(Optional<URI> url, ControlClient.Names names, ConfigReader reader) {
        return start(
                new RuntimeSettings(
                        folder.resolve("limiter.json"),
                        reader,
                        url,
                        Optional.of(folder.resolve("token")),
                        folder.resolve("secrets")),
                names);
    }

    /** Without an operator, by a file that said {@code validated} when it was looked at before. */
    LimiterRuntime startValidated(FileContent validated) {
        return start(
                new RuntimeSettings(
                        folder.resolve("limiter.json"),
                        Optional.of(validated),
                        LimiterConfigParser::parse,
                        Optional.empty(),
                        Optional.empty(),
                        folder.resolve("secrets")),
                InetAddress::getAllByName);
    }

    private LimiterRuntime start(RuntimeSettings settings, ControlClient.Names names) {
        var started = LimiterRuntime.start(settings, new SimpleMeterRegistry(), loop, List::of, names);
        runtime = Optional.of(started);
        return started;
    }

    LimiterRuntime startWithOperator() {
        var started = start(Optional.of(operator.url()));
        await().atMost(PATIENCE).until(() -> operator.streams() == 1);
        return started;
    }

    void awaitEpoch(LimiterRuntime runtime, long epoch) {
        await().atMost(PATIENCE).until(() -> runtime.config().current().epoch() == epoch);
    }

    Judgement ask(LimiterRuntime runtime) {
        var judged = new CompletableFuture<Judgement>();
        var head = new RequestHead("GET", "/", new DefaultHttpHeaders(), InetAddress.getLoopbackAddress());
        loop.execute(() -> runtime.judge().judge(head, loop, judged::complete));
        return judged.join();
    }
}
