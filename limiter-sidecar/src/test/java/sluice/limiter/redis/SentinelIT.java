package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.demand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

/** A real master, its replica and three sentinels, which have users of their own. */
class SentinelIT {

    private static final Demand API = demand("api", 10, Duration.ofHours(1), 10);
    private static final Demand ROOMY = demand("roomy", 10, Duration.ofHours(1), 1_000_000);
    private static final Duration FAILOVER = Duration.ofMinutes(2);
    private static final String PASSWORD = "data-7f3a";
    private static final String SENTINEL_PASSWORD = "sentinel-91c2";
    private static final String PROBE_PASSWORD = "probe-44d0";

    private RedisServer one;
    private RedisServer other;
    private List<RedisServer> sentinels;
    private Path secret;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        one = RedisServer.startWith(PASSWORD, folder.resolve("one"), "--masterauth", PASSWORD);
        other = RedisServer.startWith(
                PASSWORD, folder.resolve("other"), "--masterauth", PASSWORD, "--replicaof", "127.0.0.1 " + one.port());
        Awaitility.await().atMost(FAILOVER).until(() -> one.command("ROLE").contains(Integer.toString(other.port())));
        sentinels = IntStream.range(0, 3)
                .mapToObj(index -> RedisServer.startSentinel(
                        SENTINEL_PASSWORD, folder.resolve("sentinel-" + index), configuration()))
                .toList();
        Awaitility.await().atMost(FAILOVER).until(() -> sentinels.stream().allMatch(SentinelIT::knowsAll));
        secret = folder.resolve("redis-limiter");
        RedisServer.writeSecret(
                secret, url(sentinels.stream().map(RedisServer::port).toList()));
        Files.writeString(secret.resolve("REDIS_SENTINEL_USERNAME"), "probe");
        Files.writeString(secret.resolve("REDIS_SENTINEL_PASSWORD"), PROBE_PASSWORD);
    }

    private List<String> configuration() {
        return List.of(
                "sentinel monitor mymaster 127.0.0.1 " + one.port() + " 2",
                "sentinel auth-pass mymaster " + PASSWORD,
                "sentinel down-after-milliseconds mymaster 1500",
                "sentinel failover-timeout mymaster 10000",
                "sentinel sentinel-pass " + SENTINEL_PASSWORD,
                "user probe on >" + PROBE_PASSWORD + " +sentinel|get-master-addr-by-name +subscribe &+switch-master");
    }

    private static boolean knowsAll(RedisServer sentinel) {
        var info = sentinel.command("INFO", "sentinel");
        return info.contains("status=ok") && info.contains("slaves=1,sentinels=3");
    }

    private static String url(List<Integer> ports) {
        return "redis-sentinel://:" + PASSWORD + "@"
                + ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")) + "/0#mymaster";
    }

    @AfterEach
    void stop() {
        sentinels.forEach(RedisServer::close);
        other.close();
        one.close();
    }

    private static long allowed(BackendFixture sidecar, String user, int requests) {
        return IntStream.range(0, requests)
                .mapToObj(request -> sidecar.take(user, API))
                .filter(Taken::allowed)
                .count();
    }

    private static void awaitMaster(RedisServer server) {
        Awaitility.await().atMost(FAILOVER).until(server::isMaster);
    }

    @Test
    void decidesOnTheMasterAndTakesNoMoreThanOneConnectionAndTheRightsOfTheDocumentation() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            one.command("CONFIG", "RESETSTAT");
            assertThat(allowed(sidecar, "alice", 20)).isEqualTo(10);

            // The other ten are rejected without asking.
            assertThat(one.calls("evalsha")).isEqualTo(10);
            assertThat(one.clients().stream().filter(client -> client.contains("cmd=evalsha")))
                    .hasSize(1);
            assertThat(sentinels)
                    .allSatisfy(sentinel ->
                            assertThat(sentinel.command("ACL", "LOG")).isEmpty());
        }
    }

    @Test
    void followsAFailoverUnderLoadAndGrantsNoBurst() throws InterruptedException {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            assertThat(allowed(sidecar, "alice", 20)).isEqualTo(10);
            var loading = new AtomicBoolean(true);
            var decided = new AtomicLong();
            var load = Thread.ofVirtual().start(() -> {
                while (loading.get()) {
                    // Fails when there is no decision.
                    sidecar.take("bob", API);
                    decided.incrementAndGet();
                }
            });
            one.kill();
            sidecar.awaitMemory();
            awaitMaster(other);
            sidecar.awaitRedis();
            loading.set(false);
            load.join();

            assertThat(decided).hasPositiveValue();
            assertThat(load.isAlive()).isFalse();
            assertThat(other.calls("evalsha")).isPositive();
            assertThat(allowed(sidecar, "alice", 20)).isZero();
        }
    }

    @Test
    void leavesAFrozenMasterForTheNewOne() {
        try (var sidecar = new BackendFixture(secret, 1, Duration.ofMillis(200)).awaitRedis()) {
            one.freeze();
            sidecar.awaitMemory();
            awaitMaster(other);
            sidecar.awaitRedis();
            assertThat(other.calls("evalsha")).isPositive();
        } finally {
            one.thaw();
        }
    }

    @Test
    void aPlannedFailoverIsFollowedThoughTheOldMasterStillTakesWrites() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            // Somebody is told of it.
            Awaitility.await()
                    .atMost(FAILOVER)
                    .until(() -> sentinels.stream()
                            .anyMatch(sentinel -> sentinel.command("CLIENT", "LIST", "TYPE", "pubsub")
                                    .contains("user=probe")));
            Awaitility.await()
                    .atMost(FAILOVER)
                    .until(() -> sentinels
                            .getFirst()
                            .command("SENTINEL", "FAILOVER", "mymaster")
                            .equals("OK"));
            awaitMaster(other);
            Awaitility.await().atMost(FAILOVER).until(() -> {
                assertThat(sidecar.take("probe", ROOMY).levels()).isNotEmpty();
                return other.calls("evalsha") > 20;
            });
            assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
        }
    }

    @Test
    void needsNoSentinelWhileAllIsWellAndAnyOneToStart() throws IOException {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            sentinels.forEach(RedisServer::kill);
            assertThat(IntStream.range(0, 50).mapToObj(request -> sidecar.backendOf("alice", API)))
                    .containsOnly(Backend.REDIS);
        }
        sentinels.getLast().restart();
        try (var late = new BackendFixture(secret, 1)) {
            late.awaitRedis();
        }
        sentinels.subList(0, 2).forEach(RedisServer::restart);
    }

    @Test
    void followsAFailoverOfSentinelsThatWereRestarted() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            sentinels.forEach(RedisServer::kill);
            sentinels.forEach(RedisServer::restart);
            Awaitility.await().atMost(FAILOVER).until(() -> sentinels.stream().allMatch(SentinelIT::knowsAll));
            one.kill();
            awaitMaster(other);
            sidecar.awaitRedis();
        }
    }

    @Test
    void aMasterThatNoSentinelKnowsIsSaidSo() {
        RedisServer.writeSecret(
                secret, url(sentinels.stream().map(RedisServer::port).toList()).replace("#mymaster", "#nobody"));
        try (var sidecar = new BackendFixture(secret, 1)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> sidecar.failures(FailureReason.SENTINEL) >= 2);
            assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.MEMORY);
        }
    }

    @Test
    void aWrongPasswordOfTheSentinelsIsTriedRarely() throws IOException {
        Files.writeString(secret.resolve("REDIS_SENTINEL_PASSWORD"), "wrong");
        try (var sidecar = new BackendFixture(secret, 1)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sidecar.failures(FailureReason.AUTH) >= 2);
            assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.MEMORY);

            Files.writeString(secret.resolve("REDIS_SENTINEL_PASSWORD"), PROBE_PASSWORD);
            sidecar.refresh();
            sidecar.awaitRedis();
        }
    }
}
