package sluice.operator.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.Maintenance;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
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
                LimiterRevision.of(spec.limiter()),
                LimiterRevision.initial(spec.initialLimiter(), spec.limiter()),
                strategy(spec.strategy()),
                stopLoss(spec.stopLoss()),
                Optional.ofNullable(spec.maintenance())
                        .filter(Maintenance::enabled)
                        .map(PlanMapping::retryAfter));
    }

    private static Duration retryAfter(Maintenance maintenance) {
        return positive("spec.maintenance.retryAfter", maintenance.retryAfter());
    }

    private static Strategy strategy(sluice.operator.api.v1alpha1.Strategy strategy) {
        List<sluice.operator.api.v1alpha1.Step> written = strategy.steps();
        List<Step> steps = IntStream.range(0, written.size())
                .mapToObj(i -> at("spec.strategy.steps[" + i + "]", () -> step(written.get(i))))
                .toList();
        Duration observe = at("spec.strategy.observe", () -> KubernetesDuration.parse(strategy.observe()));
        return at("spec.strategy.steps", () -> new Strategy(observe, steps));
    }

    private static Step step(sluice.operator.api.v1alpha1.Step step) {
        return new Step(step.weight(), KubernetesDuration.parse(step.hold()));
    }

    private static StopLoss stopLoss(sluice.operator.api.v1alpha1.StopLoss stopLoss) {
        return new StopLoss(
                stopLoss.prometheus(),
                positive("spec.stopLoss.interval", stopLoss.interval()),
                rules(stopLoss.rules()),
                positive("spec.stopLoss.noData.rollBackAfter", stopLoss.noData().rollBackAfter()),
                positive("spec.stopLoss.progressDeadline", stopLoss.progressDeadline()),
                positive("spec.stopLoss.deadManSwitch", stopLoss.deadManSwitch()));
    }

    private static List<StopLossRule> rules(List<sluice.operator.api.v1alpha1.StopLossRule> rules) {
        return IntStream.range(0, rules.size())
                .mapToObj(i -> at("spec.stopLoss.rules[" + i + "]", () -> RuleMapping.toRule(rules.get(i))))
                .toList();
    }

    static Duration positive(String field, String text) {
        Duration duration = at(field, () -> KubernetesDuration.parse(text));
        if (duration.isZero()) {
            throw new IllegalArgumentException(field + ": must be more than zero");
        }
        return duration;
    }

    private static <T> T at(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }
}
