package sluice.operator.rollout;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Decides what a rollout does next. */
public final class RolloutDecider {
    private RolloutDecider() {}

    /**
     * One evaluation. Pure: the same arguments give the same result.
     *
     * <p>Precedence: abort, stop-loss, a changed resource, no-data deadline, pause and suspension, progress deadline, time, hooks, gates, comparison, approval. A failed hook comes after the stop-loss where it rolls back, and before time where it holds, as does one whose Job is refused. Times in the resulting state are whole
     * milliseconds, so that a state survives being written down.
     */
    public static Evaluation decide(RolloutPlan plan, RolloutState state, Observation observation, Instant now) {
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        RolloutState resumed = Obstacles.evaluationStopped(plan, state, at) ? Transition.resumed(state, at) : state;
        Obedience obedience = Obedience.to(plan, HookKeeper.forgetting(plan, resumed), at);
        List<Finding> findings = new RuleJudge(plan, obedience.state(), observation.signals(), at).findings();
        RolloutState kept = new HookKeeper(plan, obedience, observation, findings, at).state();
        boolean unwatched = new Evidence(kept, observation, findings).unwatched();
        RolloutState from = unwatched ? Transition.unwatched(kept, at) : kept;
        Decision decision =
                new Choice(plan, new Obedience(from, obedience.now()), observation, findings, at).decision();
        RolloutState next = new Transition(plan, from, observation.signals(), at).after(decision);
        return new Evaluation(decision, next.maintained(plan.instructions().maintenance(), state), findings);
    }
}
