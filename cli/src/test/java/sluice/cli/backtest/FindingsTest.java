package sluice.cli.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Gates;
import sluice.operator.rollout.Instructions;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Strategy;
import sluice.operator.rollout.Threshold;

class FindingsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aRollbackByAQueryIsToldByItsName() {
        Signal query = new Signal.Query("checkout-errors", "sum(failed)");
        StopLossRule rule = new StopLossRule(query, new Threshold.Fixed(5), MINUTE);
        StopLoss stopLoss = new StopLoss("default", Duration.ofSeconds(10), List.of(rule), MINUTE, MINUTE, MINUTE);
        RolloutPlan plan = new RolloutPlan(
                Limiter.OFF,
                Limiter.OFF,
                new Strategy(MINUTE, List.of(new Step(100, MINUTE))),
                stopLoss,
                Gates.NONE,
                Instructions.NONE);
        Breach breach =
                new Breach(query, Scope.SERVICE, 7, 5, MINUTE, NOW.minus(MINUTE), NOW, List.of(new Sample(NOW, 7)));
        RolloutState state = RolloutState.initial(Limiter.OFF, NOW);
        Findings findings = new Findings(plan);
        findings.tell(
                state,
                new Evaluation(
                        new Decision.RollBack(new RollbackReason.StopLossBroken(breach), false), state, List.of()),
                NOW);
        assertThat(findings.rollbacks())
                .singleElement()
                .extracting(WouldBeRollback::signal)
                .isEqualTo("checkout-errors");
    }
}
