package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/** What the hooks at a rollout's place say against going on. */
final class HookJudge {
    private final RolloutPlan plan;
    private final RolloutState state;
    private final Observation observation;
    private final Instant now;

    HookJudge(RolloutPlan plan, RolloutState state, Observation observation, Instant now) {
        this.plan = plan;
        this.state = state;
        this.observation = observation;
        this.now = now;
    }

    /** Why it goes back, if a hook has failed that says so. */
    Optional<RollbackReason> back() {
        return state.hooks().stream()
                .filter(HookRun::hasFailed)
                .filter(run ->
                        plan.hooks().stream().anyMatch(hook -> hook.name().equals(run.hook()) && hook.rollsBack()))
                .findFirst()
                .map(run -> new RollbackReason.HookFailed(run.sentence()));
    }

    /** That a hook has failed. */
    Optional<Decision.Hold> failed() {
        return state.hooks().stream()
                .filter(HookRun::hasFailed)
                .findFirst()
                .map(run -> Evidence.hold(
                        HoldReason.HOOK_FAILED,
                        run.sentence() + "; say retry to run it again, or skip-hook to go on without it"));
    }

    /** That a hook's Job cannot be created. */
    Optional<Decision.Hold> refused() {
        return state.hooks().stream()
                .flatMap(run -> observation.refusal(run).stream())
                .findFirst()
                .map(why -> Evidence.hold(HoldReason.HOOK_REFUSED, why));
    }

    /** That a hook has not ended; one that has just ended is written down first, so that people hear of it. */
    Optional<Decision.Hold> unfinished() {
        return refused()
                .or(() -> state.hooks().stream()
                        .filter(run -> !run.hasEnded())
                        .findFirst()
                        .map(run -> Evidence.hold(HoldReason.HOOK_RUNNING, run.sentence())))
                .or(() -> state.hooks().stream()
                        .filter(run -> run.hasEndedAt(now))
                        .findFirst()
                        .map(run -> Evidence.hold(HoldReason.HOOK_RUNNING, run.sentence(), now)));
    }
}
