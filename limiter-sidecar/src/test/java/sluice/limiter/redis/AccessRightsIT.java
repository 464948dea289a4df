package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.demand;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.Demand;

/** The lines of docs/redis.md that say which rights a user of Redis needs, on a real one. */
class AccessRightsIT {

    private static final Demand API = demand("api", 10, Duration.ofHours(1), 10);
    private static final List<String> STANDALONE =
            List.of("reset", "on", ">pass-word", "~{apps/*", "+evalsha", "+script|load", "+time", "+get", "+set");

    private static void setUser(RedisServer server, List<String> rules, String... more) {
        var words = new ArrayList<>(List.of("ACL", "SETUSER", "sluice"));
        words.addAll(rules);
        words.addAll(List.of(more));
        assertThat(server.command(words.toArray(String[]::new))).isEqualTo("OK");
    }

    private static Path secret(Path folder, RedisServer server, String scheme) {
        var secret = folder.resolve("redis-limiter");
        RedisServer.writeSecret(secret, scheme + "://sluice:pass-word@127.0.0.1:" + server.port());
        return secret;
    }

    @Test
    void aUserWithTheRightsOfTheDocumentationIsAllThatIsNeeded(@TempDir Path folder) {
        try (var server = RedisServer.start(folder)) {
            setUser(server, STANDALONE);
            try (var sidecar = new BackendFixture(secret(folder, server, "redis"), 1).awaitRedis()) {
                assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
                assertThat(server.command("ACL", "LOG")).isEmpty();
                assertThat(server.clients()).anyMatch(client -> client.contains("user=sluice"));
            }
        }
    }

    @Test
    void aUserWithoutARightOrForOtherKeysDecidesNothing(@TempDir Path folder) {
        try (var server = RedisServer.start(folder)) {
            setUser(server, STANDALONE, "resetkeys", "~{other/*");
            try (var sidecar = new BackendFixture(secret(folder, server, "redis"), 1)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> sidecar.backendOf("alice", API) == Backend.MEMORY
                                && sidecar.failures(FailureReason.AUTH) >= 1);
                assertThat(sidecar.decisions()).isZero();

                setUser(server, STANDALONE);
                sidecar.awaitRedis();
            }
        }
    }

    @Test
    void anotherDatabaseTakesOneRightMore(@TempDir Path folder) {
        try (var server = RedisServer.start(folder)) {
            setUser(server, STANDALONE);
            var secret = folder.resolve("redis-limiter");
            RedisServer.writeSecret(secret, "redis://sluice:pass-word@127.0.0.1:" + server.port() + "/3");
            try (var sidecar = new BackendFixture(secret, 1)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> sidecar.failures(FailureReason.AUTH) >= 1);
                setUser(server, STANDALONE, "+select");
                sidecar.awaitRedis();

                assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
                assertThat(server.command("-n", "3", "EXISTS", RedisCluster.key("alice", API)))
                        .isEqualTo("1");
            }
        }
    }

    @Test
    void aServerThatWantsNoPasswordTakesAny(@TempDir Path folder) {
        try (var server = RedisServer.start(folder)) {
            server.writeSecret(folder.resolve("redis-limiter"));
            assertThat(server.command("CONFIG", "SET", "requirepass", "")).isEqualTo("OK");
            try (var sidecar = new BackendFixture(folder.resolve("redis-limiter"), 1).awaitRedis()) {
                assertThat(sidecar.failures(FailureReason.AUTH)).isZero();
                // As a server says no to a password alone that it does not want.
                assertThat(sidecar.failures(FailureReason.REPLY)).isZero();
            }
        }
    }

    @Test
    void aClusterTakesTwoRightsMore(@TempDir Path folder) {
        try (var cluster = RedisCluster.start(folder)) {
            cluster.servers().forEach(server -> setUser(server, STANDALONE, "+cluster|slots", "+asking"));
            try (var sidecar = new BackendFixture(secret(folder, cluster.master(1), "redis-cluster"), 1)) {
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(sidecar::isDeciding);
                var slot = RedisCluster.slot("alice", API);
                var from = RedisCluster.masterOf(slot);
                cluster.beginMove(slot, from, (from + 1) % 3);

                assertThat(sidecar.backendOf("alice", API)).isEqualTo(Backend.REDIS);
                assertThat(cluster.servers())
                        .allSatisfy(server ->
                                assertThat(server.command("ACL", "LOG")).isEmpty());
            }
        }
    }
}
