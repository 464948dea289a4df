package sluice.operator.control;

import java.util.Optional;

/** Says which rollout a running pod belongs to. May block. */
public interface PodRollouts {
    /** The rollout that the pod's label names, or empty when there is no such pod with that UID, or it has no label. */
    Optional<RolloutKey> rolloutOf(PodIdentity pod);
}
