package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Keeps the book of the hooks at a rollout's place: which are due, which Jobs are wanted, and what became of them. */
final class HookKeeper {
    /** A Job ends itself soon after the hook's timeout; so much later nobody waits for its result any more. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private final RolloutPlan plan;
    private final RolloutState state;
    private final Optional<Verb> command;
    private final Observation observation;
    private final Evidence evidence;
    private final Instant now;

    HookKeeper(RolloutPlan plan, Obedience obedience, Observation observation, List<Finding> findings, Instant now) {
        this.plan = plan;
        this.state = obedience.state();
        this.command = obedience.now();
        this.observation = observation;
        this.evidence = new Evidence(state, observation, findings);
        this.now = now;
    }

    /** What is due at {@code point}, none of it begun. */
    static List<HookRun> due(RolloutPlan plan, HookPoint point, String revision) {
        return plan.hooksAt(point).map(hook -> HookRun.due(hook, revision)).toList();
    }

    /** The state with the book as it is now. */
    RolloutState state() {
        List<HookRun> runs = present().map(this::runs).orElse(List.of());
        return runs.equals(state.hooks())
                ? state
                : new StateDraft(state).hooks(runs).done();
    }

    /** The point whose hooks the rollout is at. */
    private Optional<HookPoint> present() {
        return switch (state.progress()) {
            case Progress.Pending _ -> Optional.of(HookPoint.BEFORE_ROLLOUT);
            case Progress.Exposed _ -> Optional.of(HookPoint.AFTER_STEP);
            case Progress.Promoted _ -> Optional.of(HookPoint.AFTER_PROMOTION);
            case Progress.RolledBack _ -> Optional.of(HookPoint.AFTER_ROLLBACK);
            case Progress.Injecting _, Progress.Observing _, Progress.RollingBack _ -> Optional.empty();
        };
    }

    private List<HookRun> runs(HookPoint point) {
        boolean begins = mayBegin();
        List<HookRun> runs = new ArrayList<>();
        plan.hooksAt(point)
                .forEach(
                        hook -> known(hook).map(run -> heard(hook, run, begins)).ifPresent(runs::add));
        return runs;
    }

    // What was promoted or rolled back long ago gets no hook that is written only now.
    private Optional<HookRun> known(Hook hook) {
        boolean joinsLate =
                !(state.progress() instanceof Progress.Promoted) && !(state.progress() instanceof Progress.RolledBack);
        Predicate<HookRun> isAboutIt = run -> run.hook().equals(hook.name())
                && (!(state.progress() instanceof Progress.Pending)
                        || run.revision().equals(revision()));
        return state.hooks().stream()
                .filter(isAboutIt)
                .findFirst()
                .or(() -> joinsLate ? Optional.of(HookRun.due(hook, revision())) : Optional.empty());
    }

    private String revision() {
        return state.candidate().orElse(plan.candidate()).revision();
    }

    private HookRun heard(Hook hook, HookRun run, boolean begins) {
        HookRun told = obeyed(run);
        return switch (told.outcome()) {
            case HookRun.Outcome.Due _ -> begins ? told.with(new HookRun.Outcome.Running(now)) : told;
            case HookRun.Outcome.Running(Instant since) ->
                outcome(hook, told, since).map(told::with).orElse(told);
            case HookRun.Outcome.Passed _, HookRun.Outcome.Failed _, HookRun.Outcome.Skipped _ -> told;
        };
    }

    private HookRun obeyed(HookRun run) {
        boolean rolledBack = state.progress() instanceof Progress.RolledBack;
        if (command.filter(Verb.SKIP_HOOK::equals).isPresent() && !run.isDone()) {
            return run.with(new HookRun.Outcome.Skipped(now));
        }
        // After a rollback it is the candidate that is tried again.
        return command.filter(Verb.RETRY::equals).isPresent() && run.hasFailed() && !rolledBack
                ? run.with(new HookRun.Outcome.Due())
                : run;
    }

    private Optional<HookRun.Outcome> outcome(Hook hook, HookRun run, Instant since) {
        Optional<HookSeen> seen = Optional.ofNullable(observation.hooks().get(run));
        boolean over = !now.isBefore(since.plus(hook.timeout()).plus(GRACE));
        return seen.flatMap(job -> ended(job, since))
                .or(() -> over
                        ? Optional.of(new HookRun.Outcome.Failed(since, now, late(hook, seen)))
                        : Optional.empty());
    }

    private Optional<HookRun.Outcome> ended(HookSeen job, Instant since) {
        return switch (job) {
            case HookSeen.Succeeded _ -> Optional.of(new HookRun.Outcome.Passed(since, now));
            case HookSeen.Failed(String why) -> Optional.of(new HookRun.Outcome.Failed(since, now, why));
            case HookSeen.Unfinished _, HookSeen.Refused _ -> Optional.empty();
        };
    }

    private static String late(Hook hook, Optional<HookSeen> seen) {
        String late = "no result within %d s".formatted(hook.timeout().toSeconds());
        return seen.map(job -> switch (job) {
                    case HookSeen.Refused(String why) -> why;
                    case HookSeen.Unfinished(String log) -> "%s (%s)".formatted(late, log);
                    case HookSeen.Succeeded _, HookSeen.Failed _ -> late;
                })
                .orElse(late);
    }

    private boolean mayBegin() {
        return switch (state.progress()) {
            case Progress.Pending _ ->
                !kept()
                        && !plan.isPromotedAlready(state)
                        && evidence.blocked().isEmpty()
                        && evidence.serviceBreaching().isEmpty();
            case Progress.Running _ -> !kept() && inForce();
            case Progress.Promoted _ -> inForce();
            case Progress.RollingBack _ -> false;
            case Progress.RolledBack _ -> true;
        };
    }

    private boolean kept() {
        return state.orders().has(Order.PAUSED) || state.orders().has(Order.SUSPENDED);
    }

    private boolean inForce() {
        return observation.sidecars().ready() && observation.blockers().isEmpty();
    }
}
