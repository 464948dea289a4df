package sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.control.TestSidecar;
import sluice.operator.kubernetes.LeaseElection;
import sluice.operator.testing.Cable;
import sluice.operator.testing.RealApiServer;

/** Who is cut off from whom, and that nobody stays in the candidate arm unwatched: a real API server, election, stream and sidecars. */
class PartitionIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private Optional<TestNamespace> namespace = Optional.empty();

    @BeforeEach
    void start() {
        namespace = Optional.of(closing(new TestNamespace(API.client(), API.newNamespace("partition"), folder)));
    }

    @AfterEach
    void stop() throws Exception {
        for (var each : toClose.reversed()) {
            each.close();
        }
    }

    @Test
    void aLeaderThatReachesSidecarsButNotTheApiServerKeepsNobodyInTheCandidateArm() {
        var toApiServer =
                closing(new Cable(URI.create(API.config().getMasterUrl()).getPort()));
        var election = election("first", through(toApiServer));
        var deposed = closing(new TestOperator(through(toApiServer), world().name(), election));
        exposeBy(deposed);

        toApiServer.silence();

        await().atMost(PATIENCE).until(() -> world().sidecars().stream().allMatch(TestSidecar::leaseLost));
        assertThat(election.fresh()).isFalse();
        assertThat(status().weight()).isEqualTo(10);
        var hold = holdStartedAt();

        var next = election("second", API.config());
        var successor = closing(new TestOperator(API.config(), world().name(), next));
        await().atMost(PATIENCE).until(next::fresh);
        world().reconnect(successor);
        awaitExposed();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(holdStartedAt()).isAfter(hold));
        assertThat(status().phase()).isEqualTo("Progressing");
    }

    @Test
    void aPodWhoseStreamIsCutGoesBackAloneAndARollbackWaitsForItsLease() {
        var operator = closing(new TestOperator(API.config(), world().name()));
        exposeBy(operator);
        var toOperator = closing(new Cable(operator.port()));
        world().reconnect("b", toOperator.port());
        awaitExposed();

        toOperator.sever();

        await().atMost(PATIENCE).until(() -> world().sidecar("b").leaseLost());
        assertThat(world().sidecar("a").leaseLost()).isFalse();

        operator.signals.candidateErrors = 0.5;
        await().atMost(PATIENCE).until(() -> "RollingBack".equals(status().phase()));
        assertThat(verified().getStatus()).isEqualTo("Unknown");
        assertThat(verified().getMessage())
                .contains("2 injected, 1 connected")
                .contains("back by itself 10 s after its last heartbeat");

        await().atMost(PATIENCE).until(() -> "RolledBack".equals(status().phase()));
        assertThat(Optional.ofNullable(status().lastRollback()).orElseThrow().proof())
                .isEqualTo("LeaseExpired");
        assertThat(verified().getStatus()).isEqualTo("Unknown");
        assertThat(verified().getReason()).isEqualTo("LeaseExpired");
        assertThat(world().sidecar("a").config().weight()).isZero();
        assertThat(world().sidecar("b").leaseLost()).isTrue();
    }

    private void exposeBy(TestOperator operator) {
        world().apply(
                        "tokens: 100",
                        rollout -> rollout.replace("weight: 10, hold: 2s", "weight: 10, hold: 5m")
                                .replace("interval: 1s", "interval: 1s\n    deadManSwitch: 10s"));
        await().atMost(PATIENCE).until(() -> world().templateLabels().containsKey(InjectionLabel.key()));
        world().runPods(operator);
        awaitExposed();
    }

    private void awaitExposed() {
        await().atMost(PATIENCE)
                .until(() -> world().sidecars().stream()
                        .allMatch(sidecar -> sidecar.config().weight() == 10 && !sidecar.leaseLost()));
    }

    /** Short, so that the test is, but not so short that a busy machine loses the lease: the election ends with it. */
    private LeaseElection election(String identity, Config config) {
        var settings = new LeaderElectionSettings(Duration.ofSeconds(8), Duration.ofSeconds(6), Duration.ofSeconds(1));
        var election = closing(new LeaseElection(config, world().name(), identity, settings));
        election.start(() -> {}, () -> {});
        return election;
    }

    private static Config through(Cable cable) {
        return new ConfigBuilder(API.config())
                .withMasterUrl("https://127.0.0.1:" + cable.port())
                .build();
    }

    private Condition verified() {
        return Optional.ofNullable(status().conditions()).orElse(List.of()).stream()
                .filter(condition -> condition.getType().equals("RollbackVerified"))
                .findFirst()
                .orElseThrow();
    }

    private Instant holdStartedAt() {
        return Instant.parse(String.valueOf(
                Optional.ofNullable(status().timers()).orElseThrow().holdStartedAt()));
    }

    private RateLimitRolloutStatus status() {
        return Optional.ofNullable(world().rollout().get().getStatus()).orElseThrow();
    }

    private TestNamespace world() {
        return namespace.orElseThrow();
    }

    private <T extends AutoCloseable> T closing(T part) {
        toClose.add(part);
        return part;
    }
}
