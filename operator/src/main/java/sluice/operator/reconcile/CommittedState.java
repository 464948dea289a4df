package sluice.operator.reconcile;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.RolloutState;

/** Reads what was committed of a rollout. */
final class CommittedState {

    private static final Logger LOG = LoggerFactory.getLogger(CommittedState.class);

    private CommittedState() {}

    /** Empty when nothing was committed yet, or somebody has edited it beyond recognition: then the rollout is one without status. */
    static Optional<RolloutState> of(RateLimitRollout rollout) {
        var status = rollout.getStatus();
        if (status == null || status.phase() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(StatusMapping.toState(status));
        } catch (IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("rollout", RolloutObserver.key(rollout))
                    .addKeyValue("problem", e.getMessage())
                    .log("status is not one that was committed; going on from the bootstrap ConfigMap");
            return Optional.empty();
        }
    }
}
