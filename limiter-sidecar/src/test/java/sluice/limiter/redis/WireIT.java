package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.demand;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.Demand;

/** A real Redis behind a wire that swallows what it carries, or is slow. */
class WireIT {

    private static final Demand ROOMY = demand("roomy", 1000, Duration.ofSeconds(1), 1000);
    private static final Duration TIMEOUT = Duration.ofMillis(200);

    private RedisServer server;
    private FaultyWire wire;
    private Path secret;

    @BeforeEach
    void start(@TempDir Path folder) {
        server = RedisServer.start(folder);
        wire = FaultyWire.to(server.port());
        secret = folder.resolve("redis-limiter");
        RedisServer.writeSecret(secret, "redis://:" + server.password() + "@127.0.0.1:" + wire.port());
    }

    @AfterEach
    void stop() {
        wire.close();
        server.close();
    }

    private static void awaitOpenBreaker(BackendFixture sidecar) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> sidecar.backendOf("alice", ROOMY) == Backend.MEMORY && !sidecar.isDeciding());
    }

    @Test
    void aBlackHoleDelaysOnlyTheFirstRequests() {
        try (var sidecar = new BackendFixture(secret, 1, TIMEOUT).awaitRedis()) {
            wire.swallow(true);
            awaitOpenBreaker(sidecar);

            var timeouts = sidecar.failures(FailureReason.TIMEOUT);
            IntStream.range(0, 200)
                    .forEach(request ->
                            assertThat(sidecar.backendOf("alice", ROOMY)).isEqualTo(Backend.MEMORY));
            assertThat(sidecar.failures(FailureReason.TIMEOUT)).isEqualTo(timeouts);

            wire.swallow(false);
            sidecar.awaitRedis();
        }
    }

    @Test
    void aSlowRedisIsGivenItsTimeAndNoMore() {
        try (var sidecar = new BackendFixture(secret, 1, TIMEOUT).awaitRedis()) {
            wire.delay(300);
            awaitOpenBreaker(sidecar);
            assertThat(sidecar.failures(FailureReason.TIMEOUT)).isGreaterThanOrEqualTo(2);
            assertThat(sidecar.failures(FailureReason.DISCONNECTED)).isZero();

            wire.delay(0);
            sidecar.awaitRedis();
        }
    }
}
