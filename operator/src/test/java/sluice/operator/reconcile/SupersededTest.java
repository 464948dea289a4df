package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What kstatus reads while the resource asks for another limiter than the one that the phase is about. */
class SupersededTest {

    /** A service that breaches breaks no rule before the test is over. */
    private static final String SPEC = TestLoop.SPEC.replace("for: 1m", "for: 2h");

    private static final String ANOTHER = SPEC.replace("tokens: 100", "tokens: 50");

    private final TestLoop loop = new TestLoop(SPEC);

    @BeforeEach
    void promote() {
        loop.passUntil("Promoted");
        assertTold("Ready", "True", "Promoted");
        assertTold("Reconciling", "False", "Promoted");
    }

    @Test
    void isNotReadyWhileAnotherLimiterWaitsForAServiceThatBreaches() {
        loop.signals.serviceErrors = 0.5;
        loop.change(ANOTHER);
        loop.turn();

        assertThat(loop.phase()).isEqualTo("Promoted");
        assertThat(loop.status().observedGeneration()).isEqualTo(2L);
        assertTold("Ready", "False", "Breaching");
        assertTold("Reconciling", "True", "Breaching");
        assertTold("Progressing", "False", "Breaching");
        assertTold("Stalled", "False", "NotStalled");

        loop.signals.serviceErrors = 0.001;
        loop.turn();
        assertThat(loop.phase()).isNotEqualTo("Promoted");
    }

    @Test
    void isReadyAgainWhenTheChangeIsTakenBack() {
        loop.signals.serviceErrors = 0.5;
        loop.change(ANOTHER);
        loop.turn();
        loop.change(SPEC);
        loop.turn();

        assertTold("Ready", "True", "Promoted");
        assertTold("Reconciling", "False", "Promoted");
    }

    @Test
    void isUnderWayUntilTheLimiterBeforeIsBack() {
        loop.change(ANOTHER);
        loop.passUntil("Progressing");
        loop.say("abort@" + candidate() + "/1");
        loop.acknowledging = 0;
        loop.passUntil("RollingBack");

        loop.change(SPEC.replace("tokens: 100", "tokens: 60"));
        loop.turn();
        assertTold("Ready", "False", "RollingBack");
        assertTold("Reconciling", "True", "RollingBack");
        assertTold("Stalled", "False", "NotStalled");

        loop.acknowledging = Integer.MAX_VALUE;
        loop.passUntil("RolledBack");
        assertTold("Ready", "False", "Abort");
        assertTold("Reconciling", "True", "RolledBack");
        assertTold("Stalled", "False", "NotStalled");
    }

    private String candidate() {
        return String.valueOf(
                Optional.ofNullable(loop.status().candidate()).orElseThrow().revision());
    }

    private void assertTold(String type, String status, String reason) {
        var condition = loop.condition(type).orElseThrow();
        assertThat(condition.getStatus() + " " + condition.getReason()).isEqualTo(status + " " + reason);
    }
}
