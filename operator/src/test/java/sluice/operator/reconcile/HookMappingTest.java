package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.HookStatus;
import sluice.operator.rollout.Hook;
import sluice.operator.rollout.HookPoint;
import sluice.operator.rollout.HookRun;

class HookMappingTest {

    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final Instant AT = SINCE.plusMillis(4_567);

    @Test
    void whatIsWrittenReadsBackToTheMillisecond() {
        var runs = List.<HookRun.Outcome>of(
                        new HookRun.Outcome.Due(),
                        new HookRun.Outcome.Running(SINCE),
                        new HookRun.Outcome.Passed(SINCE, AT),
                        new HookRun.Outcome.Failed(SINCE, AT, "why"),
                        new HookRun.Outcome.Skipped(AT))
                .stream()
                .map(outcome -> new HookRun("smoke", "1111111111", outcome))
                .toList();
        var written = HookMapping.toStatus(runs);
        assertThat(written).isNotNull();
        assertThat(written.stream().map(HookMapping::toRun).toList()).isEqualTo(runs);
        assertThat(HookMapping.toStatus(List.of())).isNull();
    }

    @Test
    void anEditedStatusIsRefusedByTheFieldsName() {
        assertThatThrownBy(() -> HookMapping.toRun(new HookStatus("smoke", "1111111111", "Running", null, null, null)))
                .hasMessage("status.hooks.startedAt is missing");
    }

    @Test
    void readsTheHooksOfAPlan() {
        var spec = FakeWorld.spec(TestLoop.SPEC
                + "hooks: [{name: smoke, when: AfterStep, onFailure: RollBack, timeout: 2m, image: curl}]\n");
        assertThat(HookMapping.toHooks(spec))
                .containsExactly(new Hook("smoke", HookPoint.AFTER_STEP, true, Duration.ofMinutes(2)));
    }

    @Test
    void twoHooksOfOneNameAreRefused() {
        var hook = "{name: smoke, when: AfterStep, image: curl}";
        var spec = FakeWorld.spec(TestLoop.SPEC + "hooks: [" + hook + ", " + hook + "]\n");
        assertThatThrownBy(() -> HookMapping.toHooks(spec)).hasMessageContaining("smoke is there twice");
    }
}
