package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.CommandStatus;
import sluice.operator.api.v1alpha1.HookStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.api.v1alpha1.TimersStatus;
import sluice.operator.reconcile.HookJob;
import sluice.operator.rollout.RollbackReason;

/** What must hold of hooks at every moment. */
final class HookInvariants {

    /**
     * Where a hook runs once: in an epoch, until the step's hold begins again because nobody had been watching, or somebody says retry.
     *
     * @param hold when the step's hold began, empty outside of steps
     * @param retry the command, if that was the last one
     */
    private record Place(long epoch, String revision, String hook, String hold, String retry) {}

    /** So much later than its timeout nobody waits for a hook any more: 30 s, less what clocks of two operators are apart. */
    private static final Duration GRACE = Duration.ofSeconds(26);

    private final World world;
    private final Invariants invariants;
    private final Map<Place, String> begun = new HashMap<>();
    private final Set<String> wanted = new HashSet<>();
    private final Set<String> made = new HashSet<>();

    HookInvariants(World world, Invariants invariants) {
        this.world = world;
        this.invariants = invariants;
    }

    static List<HookStatus> hooks(@Nullable RateLimitRolloutStatus status) {
        return Optional.ofNullable(status).map(RateLimitRolloutStatus::hooks).orElse(List.of());
    }

    void committed(Optional<RateLimitRolloutStatus> last, RateLimitRolloutStatus next) {
        var before = hooks(last.orElse(null));
        hooks(next).stream().filter(hook -> !before.contains(hook)).forEach(hook -> changed(hook, next));
        if (isNow("Injecting", last, next)) {
            requireDone(Scenario.BEFORE, before, "the rollout begins");
        }
        if (isNow("RollingBack", last, next)) {
            takesBack(before, next);
        }
    }

    private static boolean isNow(String phase, Optional<RateLimitRolloutStatus> last, RateLimitRolloutStatus next) {
        return phase.equals(next.phase())
                && last.filter(status -> phase.equals(status.phase())).isEmpty();
    }

    private void changed(HookStatus hook, RateLimitRolloutStatus status) {
        var run = run(hook);
        switch (String.valueOf(hook.outcome())) {
            case "Running" -> {
                wanted.add(run);
                var first = begun.putIfAbsent(place(hook, status), run);
                require(first == null || first.equals(run), "runs twice at one place: " + first + ", " + run);
            }
            case "Passed" -> require(world.jobs.succeeded(run), run + " has passed without its Job");
            case "Failed" -> require(mayFail(hook), run + " has failed, but neither has its Job nor is its time over");
            case "Skipped" ->
                require(world.scenario.kind() == Scenario.Kind.HOOK_SKIPPED, run + " is skipped by nobody");
            default -> require("Due".equals(hook.outcome()), run + " is " + hook.outcome());
        }
    }

    private static Place place(HookStatus hook, RateLimitRolloutStatus status) {
        var hold = Optional.ofNullable(status.timers()).map(TimersStatus::holdStartedAt);
        var retry = Optional.ofNullable(status.lastCommand())
                .map(CommandStatus::text)
                .filter(text -> text.startsWith("retry@"));
        return new Place(
                Optional.ofNullable(status.epoch()).orElse(0L),
                String.valueOf(hook.revision()),
                String.valueOf(hook.name()),
                hold.orElse(""),
                retry.orElse(""));
    }

    /** Its Job has failed, or its time is over. */
    private boolean mayFail(HookStatus hook) {
        return world.jobs.failed(run(hook))
                || Optional.ofNullable(hook.startedAt())
                        .map(began -> Instant.parse(began)
                                .plus(world.scenario.patience())
                                .plus(GRACE))
                        .filter(late -> !world.time.instant().isBefore(late))
                        .isPresent();
    }

    private void takesBack(List<HookStatus> before, RateLimitRolloutStatus next) {
        var byHook = Optional.ofNullable(next.lastRollback())
                .map(RollbackStatus::reason)
                .filter(RollbackReason.HOOK_FAILED::equals)
                .isPresent();
        require(
                byHook == (world.scenario.fate() != Jobs.Fate.PASS && world.scenario.end() == Scenario.End.ROLLED_BACK),
                "goes back for a reason of another story: " + next.lastRollback());
        require(
                !byHook || before.stream().anyMatch(hook -> Scenario.CHECK.equals(hook.name()) && mayFail(hook)),
                "goes back for a hook that has not failed: " + before);
    }

    /** The rollout leaves a step, or is promoted out of one. */
    void leaves(RateLimitRolloutStatus step) {
        if (world.scenario.kind() != Scenario.Kind.PROMOTE_FULL) {
            requireDone(Scenario.CHECK, hooks(step), "weight " + step.weight() + " is left");
        }
    }

    private void requireDone(String name, List<HookStatus> hooks, String what) {
        require(
                !world.scenario.hooks()
                        || hooks.stream()
                                .filter(hook -> name.equals(hook.name()))
                                .anyMatch(hook -> "Skipped".equals(hook.outcome())
                                        || ("Passed".equals(hook.outcome()) && world.jobs.succeeded(run(hook)))),
                what + " before its hook has succeeded: " + hooks);
    }

    /** A Job is made. One may be again that was on its way when its place was left, and its first was removed. */
    void made(Job job) {
        var run = Jobs.run(job);
        require(wanted.contains(run), run + " has a Job, and nobody has committed it");
        require(made.add(run) || !isWanted(job), run + " has its Job made twice");
    }

    private boolean isWanted(Job job) {
        return world.api
                .now()
                .rollout()
                .filter(rollout -> rollout.getMetadata().getDeletionTimestamp() == null)
                .filter(rollout -> HookJob.isWanted(job, rollout))
                .isPresent();
    }

    private static String run(HookStatus hook) {
        return Jobs.run(String.valueOf(hook.name()), String.valueOf(hook.startedAt()));
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            invariants.fail(what);
        }
    }
}
