package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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

    /** The state without what is about another candidate than the one that waits to begin by now. */
    static RolloutState forgetting(RolloutPlan plan, RolloutState state) {
        if (!(state.progress() instanceof Progress.Pending)) {
            return state;
        }
        String candidate = plan.candidate().revision();
        List<HookRun> about = state.hooks().stream()
                .filter(run -> run.revision().equals(candidate))
                .toList();
        return new StateDraft(state).hooks(about).done();
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
        // Nobody's command was about a hook that was not yet in the book.
        return plan.hooksAt(point)
                .flatMap(hook ->
                        known(hook)
                                .map(this::obeyed)
                                .or(() -> joining(hook))
                                .map(run -> heard(hook, run, begins))
                                .stream())
                .toList();
    }

    private Optional<HookRun> known(Hook hook) {
        return state.hooks().stream()
                .filter(run -> run.hook().equals(hook.name()))
                .findFirst();
    }

    // What was promoted or rolled back long ago gets no hook that is written only now.
    private Optional<HookRun> joining(Hook hook) {
        return state.progress() instanceof Progress.Promoted || state.progress() instanceof Progress.RolledBack
                ? Optional.empty()
                : Optional.of(HookRun.due(hook, revision()));
    }

    private String revision() {
        return state.candidate().orElse(plan.candidate()).revision();
    }

    private HookRun heard(Hook hook, HookRun run, boolean begins) {
        return switch (run.outcome()) {
            case HookRun.Outcome.Due _ -> begins ? run.with(new HookRun.Outcome.Running(now)) : run;
            case HookRun.Outcome.Running(Instant since) ->
                outcome(hook, run, since).map(run::with).orElse(run);
            case HookRun.Outcome.Passed _, HookRun.Outcome.Failed _, HookRun.Outcome.Skipped _ -> run;
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

    // A pause keeps a rollout from its promotion: what comes after one, or after a rollback, begins all the same.
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
