package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HoldReasonTest {
    @ParameterizedTest
    @EnumSource
    void isFoundByItsName(HoldReason reason) {
        assertThat(HoldReason.of(reason.text())).contains(reason);
    }

    @Test
    void isNotFoundByABlockersName() {
        assertThat(HoldReason.of("TargetNotFound")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OBSERVING", "HOLDING", "SIDECARS_NOT_READY", "LATCHED", "COMPLETE"})
    void timeThatPassesAndNothingToDoAreRoutine(HoldReason reason) {
        assertThat(reason.isRoutine()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"BLOCKED", "PAUSED", "GATE_CLOSED", "AWAITING_APPROVAL", "BREACHING", "NO_DATA"})
    void whatSomebodyMayHaveToLookAtIsNotRoutine(HoldReason reason) {
        assertThat(reason.isRoutine()).isFalse();
    }
}
