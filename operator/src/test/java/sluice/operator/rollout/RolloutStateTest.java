package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.operator.rollout.Plans.FIRST;
import static sluice.operator.rollout.Plans.T0;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RolloutStateTest {
    @ParameterizedTest
    @CsvSource({
        "PENDING, 0, 0, false",
        "INJECTING, 0, 0, false",
        "OBSERVING, 0, 0, false",
        "PROGRESSING, 10, 10, true",
        "BAKING, 100, 100, true",
        "PROMOTED, 100, 0, false",
    })
    void onlyACandidateThatIsServedHasAWeightAndALease(Phase phase, int weight, int sidecarWeight, boolean lease) {
        RolloutState state = Story.until(phase).state();
        assertThat(state.weight()).isEqualTo(weight);
        assertThat(state.sidecarWeight()).isEqualTo(sidecarWeight);
        assertThat(state.needsLease()).isEqualTo(lease);
    }

    @Test
    void aRollbackIsOverOnlyWhenItIsKnownHow() {
        Rollback open = new Rollback(
                FIRST.revision(), new RollbackReason.Aborted(), 10, false, T0, Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> new Progress.RolledBack(FIRST, open)).hasMessage("rollback is not finished");
        Rollback over = open.finished(RollbackProof.ACKNOWLEDGED, T0);
        assertThat(new Progress.RolledBack(FIRST, over).rollback().finish()).isPresent();
    }

    @Test
    void whatWasRolledBackStartsOverOnlyAfterMissingData() {
        assertThat(new RollbackReason.NoData(T0, "gone").latches()).isFalse();
        assertThat(new RollbackReason.Aborted().latches()).isTrue();
        assertThat(new RollbackReason.ProgressDeadline(T0, "late").latches()).isTrue();
        assertThat(new RollbackReason.HookFailed("no").latches()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "INJECTING", "PROGRESSING", "PROMOTED"})
    void whatWasNotRolledBackDoesNotStartOver(Phase phase) {
        assertThat(Story.until(phase).state().startsOver()).isFalse();
    }

    @Test
    void theHookThatBroughtItBackIsNamed() {
        RollbackReason reason = new RollbackReason.HookFailed("hook smoke failed: BackoffLimitExceeded");
        assertThat(reason.cause()).isEqualTo("HookFailed");
        assertThat(Sentences.of(reason)).isEqualTo("hook smoke failed: BackoffLimitExceeded");
    }
}
