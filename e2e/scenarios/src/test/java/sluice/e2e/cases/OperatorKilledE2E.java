package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

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
import sluice.e2e.story.Rollback;
import sluice.e2e.story.Stage;

/** The leader is killed between the commit of a rollback and its end: whoever leads next ends it as if nothing had been. */
@Order(5)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorKilledE2E {
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
        try {
            rollback = Rollback.play(
                    stage, TestCluster.manifest().withLimit(61, "1m", 61), Fault.errors(1), this::killTheLeader);
        } finally {
            load = running.stop();
        }
    }

    private void killTheLeader() {
        NodeProcesses.kill(leader);
        stage.say("the operator's leader is killed (SIGKILL) in mid-rollback: " + leaderName);
    }

    @Test
    void theLeaderWasKilledIndeedAndSomebodyLeads() {
        assertThat(TestCluster.operators().restarts(leaderName)).isGreaterThan(restartsBefore);
        assertThat(TestCluster.operators().leaderName()).isNotEmpty();
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
        var reasons = TestCluster.client().v1().events().inNamespace(TestCluster.NAMESPACE).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getKind().equals("RateLimitRollout"))
                .map(io.fabric8.kubernetes.api.model.Event::getReason)
                .toList();

        assertThat(reasons).containsOnlyOnce("StopLossBroken", "RollingBack", "RolledBack");
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
