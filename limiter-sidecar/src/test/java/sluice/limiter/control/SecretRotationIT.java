package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.redis.RedisServer;

/** The whole runtime with a real Redis whose password changes. */
class SecretRotationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CONFIG = """
            {"version": 1, "rollout": {"namespace": "apps", "name": "api", "uid": "6f0c"}, "epoch": 1, "weight": 0,
             "stable": {"revision": "r", "backend": "Redis", "redis": {"secret": "redis-limiter", "timeoutMillis": 500},
                        "limits": [{"name": "api", "tokens": 1000000, "periodMillis": 1000, "burst": 1000000}]},
             "replicas": 2}
            """;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private RedisServer server;
    private Path secret;
    private LimiterRuntime runtime;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        lines.start();
        root().addAppender(lines);
        root().setLevel(Level.INFO);
        server = RedisServer.start(folder);
        secret = folder.resolve("secrets/redis-limiter");
        server.writeSecret(secret);
        Files.writeString(folder.resolve("limiter.json"), CONFIG);
        var settings = new RuntimeSettings(
                folder.resolve("limiter.json"),
                LimiterConfigParser::parse,
                Optional.empty(),
                Optional.empty(),
                folder.resolve("secrets"));
        runtime = LimiterRuntime.start(settings, registry, loop, List::of);
    }

    @AfterEach
    void stop() {
        root().detachAppender(lines);
        runtime.close();
        server.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private Backend ask() {
        var backend = new CompletableFuture<Backend>();
        var head = new RequestHead("GET", "/", new DefaultHttpHeaders(), InetAddress.getLoopbackAddress());
        loop.execute(() -> runtime.judge().judge(head, loop, judgement -> {
            assertThat(judgement.outcome()).isInstanceOf(Outcome.Allow.class);
            backend.complete(judgement.backend());
        }));
        return backend.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** A copy, for the sidecar's threads go on logging; they do so under this lock. */
    private List<ILoggingEvent> logged() {
        synchronized (lines) {
            return List.copyOf(lines.list);
        }
    }

    private List<String> warnings() {
        return logged().stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains("Redis"))
                .toList();
    }

    @Test
    void followsARotatedPasswordThroughAnOutageAndTellsNobody() {
        await().atMost(PATIENCE).until(() -> ask() == Backend.REDIS);
        var before = server.password();

        server.changePassword("next-" + before);
        await().atMost(PATIENCE).until(() -> ask() == Backend.MEMORY);
        server.writeSecret(secret);
        await().atMost(PATIENCE).until(() -> ask() == Backend.REDIS);

        assertThat(warnings()).hasSize(1).allMatch(message -> message.contains("memory"));
        assertThat(logged())
                .noneMatch(event -> event.getFormattedMessage().contains(before))
                .noneMatch(event -> event.getThrowableProxy() != null);
        assertThat(registry.getMetersAsString()).doesNotContain(before);
    }
}
