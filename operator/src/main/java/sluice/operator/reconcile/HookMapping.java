package sluice.operator.reconcile;

import static sluice.operator.reconcile.StatusText.instant;
import static sluice.operator.reconcile.StatusText.require;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.HookFailure;
import sluice.operator.api.v1alpha1.HookStatus;
import sluice.operator.api.v1alpha1.HookWhen;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.rollout.Hook;
import sluice.operator.rollout.HookPoint;
import sluice.operator.rollout.HookRun;

/** {@code spec.hooks} and {@code status.hooks} in the terms of the decision core. */
final class HookMapping {
    private HookMapping() {}

    /**
     * Reads the hooks of a plan.
     *
     * @throws IllegalArgumentException naming the field and what would be right, for what admission did not see
     */
    static List<Hook> toHooks(RateLimitRolloutSpec spec) {
        var names = new HashSet<String>();
        return written(spec).stream()
                .map(hook -> {
                    String name = PlanMapping.given("spec.hooks[].name", hook.name());
                    if (!names.add(name)) {
                        throw new IllegalArgumentException(
                                "spec.hooks: the name " + name + " is there twice; rename one of them");
                    }
                    return new Hook(
                            name,
                            point(PlanMapping.given("spec.hooks[].when", hook.when())),
                            hook.onFailure() == HookFailure.ROLL_BACK,
                            PlanMapping.positive("spec.hooks[].timeout", hook.timeout()));
                })
                .toList();
    }

    /** As they are written; none where there are none. */
    static List<sluice.operator.api.v1alpha1.Hook> written(RateLimitRolloutSpec spec) {
        return Optional.ofNullable(spec.hooks()).orElse(List.of());
    }

    private static HookPoint point(HookWhen when) {
        return switch (when) {
            case BEFORE_ROLLOUT -> HookPoint.BEFORE_ROLLOUT;
            case AFTER_STEP -> HookPoint.AFTER_STEP;
            case AFTER_PROMOTION -> HookPoint.AFTER_PROMOTION;
            case AFTER_ROLLBACK -> HookPoint.AFTER_ROLLBACK;
        };
    }

    static @Nullable List<HookStatus> toStatus(List<HookRun> runs) {
        return runs.isEmpty() ? null : runs.stream().map(HookMapping::toStatus).toList();
    }

    private static HookStatus toStatus(HookRun run) {
        return switch (run.outcome()) {
            case HookRun.Outcome.Due _ -> status(run, null, null, null);
            case HookRun.Outcome.Running(Instant since) -> status(run, since, null, null);
            case HookRun.Outcome.Passed(Instant since, Instant at) -> status(run, since, at, null);
            case HookRun.Outcome.Failed(Instant since, Instant at, String why) -> status(run, since, at, why);
            case HookRun.Outcome.Skipped(Instant at) -> status(run, null, at, null);
        };
    }

    private static HookStatus status(HookRun run, @Nullable Instant since, @Nullable Instant at, @Nullable String why) {
        return new HookStatus(
                run.hook(),
                run.revision(),
                outcome(run),
                StatusText.of(Optional.ofNullable(since)),
                StatusText.of(Optional.ofNullable(at)),
                why);
    }

    /** The outcome's name in status. */
    static String outcome(HookRun run) {
        return run.outcome().getClass().getSimpleName();
    }

    static HookRun toRun(HookStatus status) {
        return new HookRun(
                require("hooks.name", status.name()), require("hooks.revision", status.revision()), outcome(status));
    }

    private static HookRun.Outcome outcome(HookStatus status) {
        var outcome = require("hooks.outcome", status.outcome());
        return switch (outcome) {
            case "Due" -> new HookRun.Outcome.Due();
            case "Running" -> new HookRun.Outcome.Running(since(status));
            case "Passed" -> new HookRun.Outcome.Passed(since(status), at(status));
            case "Failed" ->
                new HookRun.Outcome.Failed(since(status), at(status), require("hooks.message", status.message()));
            case "Skipped" -> new HookRun.Outcome.Skipped(at(status));
            default -> throw new IllegalArgumentException("no such outcome of a hook: " + outcome);
        };
    }

    private static Instant since(HookStatus status) {
        return instant("hooks.startedAt", status.startedAt());
    }

    private static Instant at(HookStatus status) {
        return instant("hooks.finishedAt", status.finishedAt());
    }
}
