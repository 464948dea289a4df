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
     * <p>Precedence: abort, stop-loss, a changed resource, no-data deadline, pause and suspension, progress deadline, time, gates, comparison, approval. Times in the resulting state are whole
     * milliseconds, so that a state survives being written down.
     */
    public static Evaluation decide(RolloutPlan plan, RolloutState state, Observation observation, Instant now) {
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        RolloutState resumed = Obstacles.evaluationStopped(plan, state, at) ? Transition.resumed(state, at) : state;
        Obedience obedience = Obedience.to(plan, resumed, at);
        RolloutState from = obedience.state();
        List<Finding> findings = new RuleJudge(plan, from, observation.signals(), at).findings();
        Decision decision = new Choice(plan, obedience, observation, findings, at).decision();
        RolloutState next = new Transition(plan, from, observation.signals(), at).after(decision);
        return new Evaluation(decision, next.maintained(plan.instructions().maintenance(), state), findings);
    }
}
