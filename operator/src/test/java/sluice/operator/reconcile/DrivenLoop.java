package sluice.operator.reconcile;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** The loop of one operator process, driven by a test instead of the operator framework. */
public final class DrivenLoop {

    private final RolloutLoop loop;

    public DrivenLoop(Cluster cluster, RolloutReconciler.Parts parts, RandomGenerator jitter) {
        this.loop = RolloutReconciler.loop(cluster, parts, jitter);
    }

    /** One turn; returns when the next is due. */
    public Duration turn(RateLimitRollout rollout, UnaryOperator<RateLimitRollout> update) {
        return loop.turn(rollout, update);
    }

    /** One turn of a rollout that is being deleted; empty when its finalizer may go. */
    public Optional<Duration> farewell(RateLimitRollout rollout) {
        return loop.farewell(rollout);
    }
}
