package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.demand;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import sluice.limiter.limit.Taken;

/** A real Redis that is killed, stopped, locked, made a replica and filled up. */
class FallbackIT {

    private static final Demand API = demand("api", 10, Duration.ofHours(1), 10);

    private RedisServer server;
    private Path secret;

    @BeforeEach
    void start(@TempDir Path folder) {
        server = RedisServer.start(folder);
        secret = folder.resolve("redis-limiter");
        server.writeSecret(secret);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static long allowed(BackendFixture sidecar, String user, int requests) {
        return allowed(sidecar, user, API, requests);
    }

    private static long allowed(BackendFixture sidecar, String user, Demand demand, int requests) {
        return IntStream.range(0, requests)
                .mapToObj(request -> sidecar.take(user, demand))
                .filter(Taken::allowed)
                .count();
    }

    @Test
    void decidesInMemoryWhileRedisIsDeadAndInRedisWhenItIsBack() {
        try (var sidecar = new BackendFixture(secret, 2).awaitRedis()) {
            assertThat(sidecar.fallbackActive()).isZero();
            server.kill();

            sidecar.awaitMemory();
            assertThat(sidecar.fallbackActive()).isOne();
            // A share of the limit: two replicas.
            assertThat(allowed(sidecar, "bob", 20)).isEqualTo(5);

            server.restart();
            sidecar.awaitRedis();
            assertThat(sidecar.fallbackActive()).isZero();
            assertThat(sidecar.failures(FailureReason.DISCONNECTED)).isPositive();
        }
    }

    @Test
    void aRestartedRedisGrantsNoBurst() {
        try (var sidecar = new BackendFixture(secret, 2).awaitRedis()) {
            // Alice spends all in Redis, Bob all of his share in memory, Carol most in Redis and nothing in memory.
            assertThat(allowed(sidecar, "alice", 20)).isEqualTo(10);
            assertThat(allowed(sidecar, "carol", 8)).isEqualTo(8);
            server.kill();
            sidecar.awaitMemory();
            assertThat(allowed(sidecar, "alice", 20)).isZero();
            assertThat(allowed(sidecar, "bob", 20)).isEqualTo(5);

            server.restart();
            sidecar.awaitRedis();

            assertThat(allowed(sidecar, "alice", 20)).isZero();
            // The first token may have been charged by Redis before it was lost, and is told as one, not as one of each
            // replica.
            assertThat(allowed(sidecar, "bob", 20)).isLessThanOrEqualTo(1);
            assertThat(allowed(sidecar, "carol", 20)).isEqualTo(2);
        }
    }

    @Test
    void whatIsKnownToBeEmptyStaysSoWithoutRedisAndAfterItsReturn() {
        try (var sidecar = new BackendFixture(secret, 2).awaitRedis()) {
            assertThat(allowed(sidecar, "alice", 10)).isEqualTo(10);
            var retry = sidecar.take("alice", API).levels().getFirst().retryMicros();
            server.kill();
            sidecar.awaitMemory();
            assertRejectedNoLaterThan(retry, sidecar, Backend.MEMORY);

            server.restart();
            sidecar.awaitRedis();

            assertRejectedNoLaterThan(retry, sidecar, Backend.REDIS);
        }
    }

    private static void assertRejectedNoLaterThan(long retry, BackendFixture sidecar, Backend by) {
        var taken = sidecar.take("alice", API);
        assertThat(taken.backend()).isEqualTo(by);
        assertThat(taken.allowed()).isFalse();
        assertThat(taken.levels().getFirst().retryMicros()).isBetween(1L, retry);
    }

    @Test
    void aHotCallerGetsNoMoreThanItsLimitAndOneLeaseOverARestart() {
        var wide = demand("wide", 10, Duration.ofHours(1), 400);
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            // Hot after the first hundred, on a machine that is not slow; leases are of twenty.
            var before = allowed(sidecar, "alice", wide, 250);
            server.kill();
            sidecar.awaitMemory();
            var during = allowed(sidecar, "alice", wide, 100);
            server.restart();
            sidecar.awaitRedis();
            var after = allowed(sidecar, "alice", wide, 400);

            assertThat(before).isEqualTo(250);
            // The lease that the outage cut short is lost, and the call that it broke may cost a token.
            assertThat(before + during + after).isBetween(400L - 20 - 1, 400L + 20);
        }
    }

    @Test
    void aFrozenRedisDelaysOnlyTheFirstRequests() {
        try (var sidecar = new BackendFixture(secret, 1, Duration.ofMillis(200)).awaitRedis()) {
            server.freeze();
            var roomy = demand("roomy", 1000, Duration.ofSeconds(1), 1000);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> sidecar.backendOf("alice", roomy) == Backend.MEMORY && !sidecar.isDeciding());

            // The breaker is open, and Redis owes answers: nobody is made to wait for it.
            var timeouts = sidecar.failures(FailureReason.TIMEOUT);
            IntStream.range(0, 200)
                    .forEach(request ->
                            assertThat(sidecar.backendOf("alice", roomy)).isEqualTo(Backend.MEMORY));
            assertThat(sidecar.failures(FailureReason.TIMEOUT)).isEqualTo(timeouts);

            server.thaw();
            sidecar.awaitRedis();
        } finally {
            server.thaw();
        }
    }

    @Test
    void givesAHungConnectionUpAndKeepsNoOthers() {
        try (var sidecar = new BackendFixture(secret, 1, Duration.ofMillis(200)).awaitRedis()) {
            server.freeze();
            sidecar.awaitMemory();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> sidecar.failures(FailureReason.DISCONNECTED) >= 2);

            server.thaw();
            sidecar.awaitRedis();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(server.clients()).hasSize(1));
        } finally {
            server.thaw();
        }
    }

    @Test
    void aReplicaThatMayNotWriteIsNoPlaceToDecide() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            server.command("REPLICAOF", "127.0.0.1", "1");
            sidecar.awaitMemory();
            assertThat(sidecar.failures(FailureReason.READONLY)).isPositive();

            server.command("REPLICAOF", "NO", "ONE");
            sidecar.awaitRedis();
        }
    }

    @Test
    void aFullRedisIsNoPlaceToDecide() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            server.command("CONFIG", "SET", "maxmemory", "1");
            sidecar.awaitMemory();
            assertThat(sidecar.failures(FailureReason.OUT_OF_MEMORY)).isPositive();

            server.command("CONFIG", "SET", "maxmemory", "0");
            sidecar.awaitRedis();
        }
    }

    @Test
    void aWrongPasswordIsTriedRarelyAndTheRightOneTakenUpAtOnce() {
        RedisServer.writeSecret(secret, server.url().replace(server.password(), "wrong"));
        var start = System.nanoTime();
        try (var sidecar = new BackendFixture(secret, 1)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sidecar.failures(FailureReason.AUTH) >= 4);
            // The pauses before the fourth are at least half of 100, 200 and 400 ms.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(350));
            assertThat(allowed(sidecar, "alice", 20)).isEqualTo(10);
            assertThat(sidecar.decisions()).isZero();

            server.writeSecret(secret);
            sidecar.refresh();
            sidecar.awaitRedis();
        }
    }

    @Test
    void aMissingSecretIsWaitedFor(@TempDir Path empty) {
        var missing = empty.resolve("later");
        try (var sidecar = new BackendFixture(missing, 1)) {
            assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.MEMORY);
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(sidecar.failures(FailureReason.SECRET)).isOne());

            server.writeSecret(missing);
            sidecar.refresh();
            sidecar.awaitRedis();
        }
    }

    @Test
    void aFlagThatMayMeanEncryptionIsNeverReadAsPlainText() throws IOException {
        Files.writeString(secret.resolve("REDIS_TLS"), "yes");
        var before = server.connectionsReceived();
        try (var sidecar = new BackendFixture(secret, 1)) {
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(sidecar.failures(FailureReason.SECRET)).isOne());
            assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.MEMORY);
            assertThat(sidecar.fallbackActive()).isOne();
            // The one more is the question itself.
            assertThat(server.connectionsReceived()).isEqualTo(before + 1);

            Files.writeString(secret.resolve("REDIS_TLS"), "FALSE");
            sidecar.refresh();
            sidecar.awaitRedis();
        }
    }

    @Test
    void aRotatedPasswordIsTakenUpWithoutAnOutage() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            var before = sidecar.decisions();
            var next = "next-" + server.password();
            server.command("CONFIG", "SET", "requirepass", next);
            RedisServer.writeSecret(secret, server.url().replace(server.password(), next));
            sidecar.refresh();

            sidecar.awaitRedis();
            assertThat(sidecar.decisions()).isGreaterThan(before);
            assertThat(sidecar.failures(FailureReason.AUTH)).isZero();
            assertThat(sidecar.failures(FailureReason.DISCONNECTED)).isZero();
        }
    }

    @Test
    void aSecretThatDoesNotWorkLeavesTheConnectionAlone() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            RedisServer.writeSecret(secret, server.url().replace(server.password(), "wrong"));
            sidecar.refresh();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sidecar.failures(FailureReason.AUTH) >= 2);

            assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
            assertThat(sidecar.fallbackActive()).isZero();

            server.writeSecret(secret);
            sidecar.refresh();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(server.clients()).hasSize(1));
            assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
        }
    }

    @Test
    void aServerThatTalksNonsenseIsNoRedis(@TempDir Path other) throws IOException {
        try (var nonsense = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!nonsense.isClosed()) {
                    try (var socket = nonsense.accept()) {
                        socket.getOutputStream()
                                .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        // The socket is closed, or the client is gone: either way there is nobody to talk to.
                    }
                }
            });
            RedisServer.writeSecret(other, "redis://127.0.0.1:" + nonsense.getLocalPort());
            try (var sidecar = new BackendFixture(other, 1)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() ->
                                sidecar.failures(FailureReason.DISCONNECTED) + sidecar.failures(FailureReason.REPLY)
                                        >= 2);
                assertThat(allowed(sidecar, "alice", 20)).isEqualTo(10);
            }
        }
    }
}
