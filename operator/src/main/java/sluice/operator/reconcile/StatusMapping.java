package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sidecars;

/** Status as the write-ahead log: what goes in comes out, to the millisecond. */
public final class StatusMapping {
    private StatusMapping() {}

    /**
     * The committed state.
     *
     * @throws IllegalArgumentException when status does not hold one, because somebody edited it
     */
    public static RolloutState toState(RateLimitRolloutStatus status) {
        return new StatusReader(status).state();
    }

    /** The status that commits {@code evaluation.next()}. */
    public static RateLimitRolloutStatus toStatus(
            Evaluation evaluation, Sidecars sidecars, long generation, List<Condition> conditions, Instant now) {
        return new StatusWriter(evaluation.next(), now).status(evaluation.findings(), sidecars, generation, conditions);
    }
}
