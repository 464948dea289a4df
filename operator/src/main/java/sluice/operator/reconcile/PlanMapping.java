package sluice.operator.reconcile;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.Approval;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.Maintenance;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.rollout.Command;
import sluice.operator.rollout.Gates;
import sluice.operator.rollout.Instructions;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Strategy;

/** What a resource asks for, in the terms of the decision core. */
public final class PlanMapping {
    private PlanMapping() {}

    /** The annotation in which people say what they want, {@code <verb>@<revision>/<nonce>}. */
    public static final String COMMAND = "sluice.dev/command";

    /**
     * Reads the plan.
     *
     * @param command the annotation's value
     * @throws IllegalArgumentException naming the field and what would be right, for what admission did not see
     */
    public static RolloutPlan toPlan(RateLimitRolloutSpec spec, Optional<String> command) {
        var queries = new QueryNames();
        return new RolloutPlan(
                LimiterRevision.of(spec.limiter()),
                LimiterRevision.initial(spec.initialLimiter(), spec.limiter()),
                strategy(spec.strategy()),
                stopLoss(spec.stopLoss(), queries),
                gates(spec, queries),
                new Instructions(
                        Boolean.TRUE.equals(spec.suspend()),
                        Optional.ofNullable(spec.maintenance())
                                .filter(Maintenance::enabled)
                                .map(PlanMapping::retryAfter),
                        command.map(Command::parse)),
                HookMapping.toHooks(spec));
    }

    private static Duration retryAfter(Maintenance maintenance) {
        return positive("spec.maintenance.retryAfter", maintenance.retryAfter());
    }

    private static Gates gates(RateLimitRolloutSpec spec, QueryNames queries) {
        var written = requireNonNullElse(spec.gates(), List.<sluice.operator.api.v1alpha1.Gate>of());
        var gates = IntStream.range(0, written.size())
                .mapToObj(i -> at("spec.gates[" + i + "]", () -> RuleMapping.toGate(written.get(i), queries)))
                .toList();
        var comparison = Optional.ofNullable(spec.comparison())
                .map(wanted -> at("spec.comparison", () -> RuleMapping.toComparison(wanted)));
        return new Gates(gates, requireNonNullElse(spec.minimumRequests(), 0), comparison);
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
        return new Step(step.weight(), KubernetesDuration.parse(step.hold()), step.approval() == Approval.MANUAL);
    }

    private static StopLoss stopLoss(sluice.operator.api.v1alpha1.StopLoss stopLoss, QueryNames queries) {
        return new StopLoss(
                stopLoss.prometheus(),
                positive("spec.stopLoss.interval", stopLoss.interval()),
                rules(stopLoss.rules(), queries),
                positive("spec.stopLoss.noData.rollBackAfter", stopLoss.noData().rollBackAfter()),
                positive("spec.stopLoss.progressDeadline", stopLoss.progressDeadline()),
                positive("spec.stopLoss.deadManSwitch", stopLoss.deadManSwitch()),
                at(
                        "spec.stopLoss.armedAfterPromotion",
                        () -> KubernetesDuration.parse(stopLoss.armedAfterPromotion())));
    }

    private static List<StopLossRule> rules(List<sluice.operator.api.v1alpha1.StopLossRule> rules, QueryNames queries) {
        return IntStream.range(0, rules.size())
                .mapToObj(i -> at("spec.stopLoss.rules[" + i + "]", () -> RuleMapping.toRule(rules.get(i), queries)))
                .toList();
    }

    /** What the schema requires, and whoever stored the resource under another one may have left out. */
    static <T> T given(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + ": is missing; add it");
        }
        return value;
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
