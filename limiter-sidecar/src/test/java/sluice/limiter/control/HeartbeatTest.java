package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import sluice.limiter.judge.Arm;

/** Which arm is in use while the operator is heard, and while it is not. */
class HeartbeatTest extends StartedRuntime {

    @Test
    void leavesTheCanaryWhileItDoesNotUnderstandTheOperatorsNewestWord() {
        operator.greetWith(leased(5, 600));
        var sidecar = startWithOperator();
        operator.heartbeat();
        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.CANDIDATE);

        operator.config(config(6).replace("\"replicas\": 1", "\"replicas\": 0"));
        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.STABLE);
        operator.heartbeat();
        operator.config(leased(7, 600));
        awaitEpoch(sidecar, 7);
        assertThat(ask(sidecar).arm()).isEqualTo(Arm.STABLE);

        operator.heartbeat();
        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.CANDIDATE);
    }

    @Test
    void usesTheStableArmUntilTheFirstHeartbeat() {
        bootstrap(leased(5, 60));
        operator.greetWith(leased(5, 60));
        var sidecar = startWithOperator();
        assertThat(sidecar.leaseLost()).isTrue();
        assertThat(ask(sidecar).arm()).isEqualTo(Arm.STABLE);

        operator.heartbeat();

        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.CANDIDATE);
        assertThat(sidecar.leaseLost()).isFalse();
    }

    @Test
    void returnsToTheStableArmWhenTheHeartbeatsStopAndBackWhenTheyReturn() {
        operator.greetWith(leased(5, 1));
        var sidecar = startWithOperator();
        awaitCandidateWhileTheHeartBeats(sidecar);

        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.STABLE);
        assertThat(sidecar.leaseLost()).isTrue();

        awaitCandidateWhileTheHeartBeats(sidecar);
    }

    /** Again and again: a lease of one beat may be over before anybody looks. */
    private void awaitCandidateWhileTheHeartBeats(LimiterRuntime sidecar) {
        await().atMost(PATIENCE).until(() -> {
            operator.heartbeat();
            return ask(sidecar).arm() == Arm.CANDIDATE;
        });
    }

    @Test
    void afterPromotionAnAbsentOperatorChangesNothing() {
        bootstrap(config(5, 100, ""));
        var sidecar = start(Optional.empty());

        assertThat(sidecar.leaseLost()).isFalse();
        assertThat(ask(sidecar).arm()).isEqualTo(Arm.CANDIDATE);
    }
}
