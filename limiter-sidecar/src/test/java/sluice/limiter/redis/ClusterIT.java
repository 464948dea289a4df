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
import sluice.limiter.limit.Taken;

/** A real cluster: its keys are found, followed when they move, and missed alone when their server is gone. */
class ClusterIT {

    private static final Demand API = demand("api", 10, Duration.ofHours(1), 10);
    private static final Demand LOGIN = demand("login", 10, Duration.ofHours(1), 10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RedisCluster cluster;
    private Path secret;

    @BeforeEach
    void start(@TempDir Path folder) {
        cluster = RedisCluster.start(folder);
        secret = folder.resolve("redis-limiter");
        cluster.writeSecret(secret, cluster.master(0).port(), cluster.master(1).port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private BackendFixture sidecar() {
        var sidecar = new BackendFixture(secret, 1);
        Awaitility.await().atMost(PATIENCE).until(sidecar::isDeciding);
        return sidecar;
    }

    private void resetStatistics() {
        cluster.servers().forEach(server -> server.command("CONFIG", "RESETSTAT"));
    }

    // The short one that asked for the slots may still be closing.
    private void awaitOneConnectionToEachMaster() {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(cluster.masters())
                        .allSatisfy(server -> assertThat(server.clients()).hasSize(1)));
    }

    private static long remaining(Taken taken) {
        assertThat(taken.backend()).isEqualTo(Backend.REDIS);
        return taken.levels().getFirst().remaining();
    }

    @Test
    void asksTheServerThatHasTheKeysOnceOverOneConnection() {
        try (var sidecar = sidecar()) {
            resetStatistics();
            for (var master = 0; master < 3; master++) {
                for (var user : RedisCluster.usersOf(master, API, 5)) {
                    assertThat(sidecar.backendOf(user, API, LOGIN)).isEqualTo(Backend.REDIS);
                }
            }

            assertThat(cluster.masters()).allSatisfy(server -> {
                assertThat(server.calls("evalsha")).isEqualTo(5);
                assertThat(server.errors("MOVED")).isZero();
            });
            awaitOneConnectionToEachMaster();
            assertThat(cluster.replica().calls("evalsha")).isZero();
            assertThat(sidecar.fallbackActive()).isZero();
        }
    }

    @Test
    void findsTheClusterWhenTheFirstServerOfTheUrlIsGone() {
        cluster.writeSecret(secret, RedisServer.freePort(), cluster.replica().port());
        try (var sidecar = sidecar()) {
            assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
        }
    }

    @Test
    void followsASlotOnItsWayAndWhereItHasGone() {
        var slot = RedisCluster.slot("alice", API);
        var from = RedisCluster.masterOf(slot);
        var to = (from + 1) % 3;
        var users = RedisCluster.usersInSlot(slot, API, 3);
        var settled = users.getFirst();
        try (var sidecar = sidecar()) {
            assertThat(remaining(sidecar.take(settled, API))).isEqualTo(9);
            resetStatistics();
            cluster.beginMove(slot, from, to);

            // Whose bucket is still there is served there, who has none yet where the slot goes.
            assertThat(remaining(sidecar.take(settled, API))).isEqualTo(8);
            assertThat(remaining(sidecar.take(users.get(1), API))).isEqualTo(9);
            assertThat(cluster.master(to).calls("asking")).isEqualTo(1);
            cluster.moveKey(RedisCluster.key(settled, API), from, to);
            assertThat(remaining(sidecar.take(settled, API))).isEqualTo(7);
            assertThat(cluster.master(to).calls("asking")).isEqualTo(2);

            // The first question after the move is sent on, the next goes straight.
            cluster.endMove(slot, to);
            assertThat(remaining(sidecar.take(settled, API))).isEqualTo(6);
            assertThat(remaining(sidecar.take(settled, API))).isEqualTo(5);
            assertThat(cluster.master(from).errors("MOVED")).isEqualTo(1);
            assertThat(sidecar.failures(FailureReason.MOVED)).isZero();
            assertThat(sidecar.isDeciding()).isTrue();
        }
    }

    @Test
    void bucketsThatNoServerHasTogetherAreKeptInMemoryForThatTime() {
        var slot = RedisCluster.slot("alice", API);
        var from = RedisCluster.masterOf(slot);
        var to = (from + 1) % 3;
        try (var sidecar = sidecar()) {
            cluster.beginMove(slot, from, to);

            assertThat(sidecar.backendOf("alice", API, LOGIN)).isEqualTo(Backend.MEMORY);
            assertThat(sidecar.failures(FailureReason.MOVED)).isEqualTo(1);
            assertThat(sidecar.isDeciding()).isTrue();

            cluster.endMove(slot, to);
            // What was taken in memory is not forgotten.
            assertThat(remaining(sidecar.take("alice", API, LOGIN))).isEqualTo(8);
        }
    }

    @Test
    void aKilledServerConcernsItsOwnKeysUntilItsReplicaTakesOver() {
        var hit = RedisCluster.usersOf(0, API, 1).getFirst();
        var others = RedisCluster.usersOf(1, API, 5);
        try (var sidecar = sidecar()) {
            IntStream.range(0, 20).forEach(request -> sidecar.take(hit, API));
            cluster.master(0).kill();
            Awaitility.await().atMost(PATIENCE).until(() -> sidecar.backendOf(hit, API) == Backend.MEMORY);
            assertThat(sidecar.fallbackActive()).isOne();
            assertThat(others)
                    .allSatisfy(user -> assertThat(sidecar.backendOf(user, API)).isEqualTo(Backend.REDIS));

            Awaitility.await().atMost(PATIENCE).until(cluster.replica()::isMaster);
            Awaitility.await().atMost(PATIENCE).until(() -> sidecar.backendOf(hit, API) == Backend.REDIS);
            Awaitility.await().atMost(PATIENCE).until(() -> sidecar.fallbackActive() == 0);
            assertThat(sidecar.take(hit, API).allowed()).isFalse();
        }
    }

    @Test
    void aFrozenServerDelaysOnlyItsOwnKeys() {
        var hit = RedisCluster.usersOf(2, API, 1).getFirst();
        var other = RedisCluster.usersOf(1, API, 1).getFirst();
        try (var sidecar = sidecar()) {
            cluster.master(2).freeze();
            Awaitility.await().atMost(PATIENCE).until(() -> sidecar.backendOf(hit, API) == Backend.MEMORY);
            assertThat(sidecar.backendOf(other, API)).isEqualTo(Backend.REDIS);
            cluster.master(2).thaw();
            Awaitility.await().atMost(PATIENCE).until(() -> sidecar.backendOf(hit, API) == Backend.REDIS);
        } finally {
            cluster.master(2).thaw();
        }
    }

    @Test
    void goesFromOneServerToAClusterWhenTheSecretSaysSo(@TempDir Path folder) {
        try (var single = RedisServer.start(folder)) {
            single.writeSecret(secret);
            try (var sidecar = sidecar()) {
                assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
                resetStatistics();
                cluster.writeSecret(secret, cluster.master(2).port());
                sidecar.refresh();

                Awaitility.await().atMost(PATIENCE).until(() -> single.clients().isEmpty() && sidecar.isDeciding());
                assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
                awaitOneConnectionToEachMaster();
            }
        }
    }

    @Test
    void aServerOfAClusterIsNoStandaloneRedis() {
        RedisServer.writeSecret(secret, cluster.master(0).url());
        try (var sidecar = new BackendFixture(secret, 1)) {
            Awaitility.await().atMost(PATIENCE).until(sidecar::isDeciding);
            var far = RedisCluster.usersOf(1, API, 1).getFirst();

            assertThat(sidecar.backendOf(far, API)).isEqualTo(Backend.MEMORY);
            assertThat(sidecar.failures(FailureReason.MOVED)).isPositive();
        }
    }
}
