package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.T0;
import static sluice.operator.rollout.Plans.seconds;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class HookRunTest {
    private static final Instant ENDED = T0.plus(seconds(20));
    private static final HookRun DUE = HookRun.due(OneHook.hook(HookPoint.AFTER_STEP), "1111111111");
    private static final HookRun RUNNING = DUE.with(new HookRun.Outcome.Running(T0));
    private static final HookRun PASSED = DUE.with(new HookRun.Outcome.Passed(T0, ENDED));
    private static final HookRun FAILED = DUE.with(new HookRun.Outcome.Failed(T0, ENDED, "DeadlineExceeded"));
    private static final HookRun SKIPPED = DUE.with(new HookRun.Outcome.Skipped(ENDED));

    @Test
    void aJobIsOrWasWantedSinceItBegan() {
        assertThat(RUNNING.since()).contains(T0);
        assertThat(PASSED.since()).contains(T0);
        assertThat(FAILED.since()).contains(T0);
        assertThat(DUE.since()).isEmpty();
        assertThat(SKIPPED.since()).isEmpty();
    }

    @Test
    void saysWhereItIs() {
        assertThat(DUE.sentence()).isEqualTo("hook smoke waits to begin");
        assertThat(RUNNING.sentence()).isEqualTo("hook smoke runs since " + T0);
        assertThat(PASSED.sentence()).isEqualTo("hook smoke succeeded at " + ENDED);
        assertThat(FAILED.sentence()).isEqualTo("hook smoke failed: DeadlineExceeded");
        assertThat(SKIPPED.sentence()).isEqualTo("hook smoke was skipped at " + ENDED);
    }

    @Test
    void hasEndedWhateverItsEnd() {
        for (HookRun ended : new HookRun[] {PASSED, FAILED, SKIPPED}) {
            assertThat(ended.hasEnded()).isTrue();
            assertThat(ended.hasEndedAt(ENDED)).isTrue();
            assertThat(ended.hasEndedAt(T0)).isFalse();
        }
        for (HookRun going : new HookRun[] {DUE, RUNNING}) {
            assertThat(going.hasEnded()).isFalse();
            assertThat(going.hasEndedAt(ENDED)).isFalse();
        }
    }

    @Test
    void onlyOneThatRunsIsRunAgain() {
        assertThat(RUNNING.again()).isEqualTo(DUE);
        for (HookRun other : new HookRun[] {DUE, PASSED, FAILED, SKIPPED}) {
            assertThat(other.again()).isEqualTo(other);
        }
    }
}
