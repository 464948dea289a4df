package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sluice.e2e.cluster.Fault;
import sluice.e2e.cluster.NodeProcesses;
import sluice.e2e.load.LoadResults;
import sluice.e2e.rollout.RollbackView;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.Seen;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Rollback;
import sluice.e2e.story.Stage;

/** The leader is killed between the commit of a rollback and its end: whoever leads next ends it as if nothing had been. */
@Order(5)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorKilledE2E {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Stage stage = TestCluster.stage();
    private List<ProcessHandle> leader = List.of();
    private String leaderName;
    private int restartsBefore;
    private Rollback rollback;
    private LoadResults load;

    @BeforeAll
    void play() {
        leaderName = TestCluster.operators().leaderName();
        leader = TestCluster.operators().leaderProcesses();
        restartsBefore = TestCluster.operators().restarts(leaderName);
        var running = TestCluster.load(TestCluster.RATE);
        // The first step lasts until the rule has noticed.
        var manifest = TestCluster.manifest().withLimit(61, "1m", 61).withHolds("30m", "1m");
        try (Afterwards _ = () -> load = running.stop()) {
            rollback = Rollback.play(stage, manifest, Fault.errors(1), this::killTheLeader);
        }
    }

    private void killTheLeader() {
        NodeProcesses.kill(leader);
        stage.say("the operator's leader is killed (SIGKILL) in mid-rollback: " + leaderName);
    }

    @Test
    void theLeaderWasKilledIndeedAndSomebodyLeads() {
        Patience.until(
                "the killed leader's new life",
                PATIENCE,
                () -> TestCluster.operators().restarts(leaderName) > restartsBefore);
        Patience.until("a leader", PATIENCE, () -> TestCluster.operators().hasLeader());
    }

    @Test
    void theRollbackEndsForTheReasonItBegan() {
        assertThat(rollback.view().reason()).isEqualTo("ErrorRatio");
        assertThat(backs())
                .extracting(RollbackView::decidedAt)
                .containsOnly(rollback.view().decidedAt());
    }

    private List<RollbackView> backs() {
        return rollback.history().stream()
                .map(Seen::rollout)
                .filter(rollout -> rollout.isNow("RollingBack") || rollout.isNow("RolledBack"))
                .flatMap(rollout -> rollout.lastRollback().stream())
                .toList();
    }

    @Test
    void theEventsTellOfItOnce() {
        // Told after what it tells of was committed.
        Patience.until("the last event", PATIENCE, () -> reasons().contains("RolledBack"));

        assertThat(reasons()).containsOnlyOnce("StopLossBroken", "RollingBack", "RolledBack");
    }

    private static List<String> reasons() {
        return TestCluster.client().v1().events().inNamespace(TestCluster.NAMESPACE).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getKind().equals("RateLimitRollout"))
                .map(io.fabric8.kubernetes.api.model.Event::getReason)
                .toList();
    }

    @Test
    void theEpochRoseOnceForIt() {
        var exposed = rollback.history().stream()
                .map(Seen::rollout)
                .filter(rollout -> rollout.weight() == 10)
                .mapToLong(RolloutView::epoch)
                .max()
                .orElseThrow();

        assertThat(rollback.history().getLast().rollout().epoch()).isEqualTo(exposed + 1);
    }

    @Test
    void nobodyIsLeftInTheCandidateArm() {
        assertThat(rollback.figures(stage, load).candidateRequestsAfterLastAck())
                .isZero();
        assertThat(rollback.history().getLast().rollout().weight()).isZero();
    }

    @Test
    void noRequestFailsThatWasNotSpoiltOnPurpose() {
        assertThat(load.failed().summary()).isEmpty();
    }
}
