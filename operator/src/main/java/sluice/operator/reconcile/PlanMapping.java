package sluice.operator.reconcile;

import java.time.Duration;
import java.util.List;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.Strategy;

/** What a resource asks for, in the terms of the decision core. */
public final class PlanMapping {
    private PlanMapping() {}

    /**
     * Reads the plan.
     *
     * @throws IllegalArgumentException naming the field and what would be right, for what admission did not see
     */
    public static RolloutPlan toPlan(RateLimitRolloutSpec spec) {
        return new RolloutPlan(
                Limiter.OFF,
                Limiter.OFF,
                new Strategy(Duration.ZERO, List.of()),
                new StopLoss(
                        spec.stopLoss().prometheus(),
                        Duration.ZERO,
                        List.of(),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO));
    }
}
