package sluice.cli.cluster;

import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.reconcile.KeptEvidence;

/**
 * What is known of a rollout's past: what the operator has kept, and what status has.
 *
 * @param missing why there is no more than status has
 */
public record Past(KeptEvidence evidence, Optional<String> missing) {

    /** What the operator has kept of it. */
    public static Past kept(KeptEvidence evidence) {
        return new Past(evidence, Optional.empty());
    }

    /** Nothing but what status has. */
    public static Past unknown(String why) {
        return new Past(
                KeptEvidence.NONE,
                Optional.of(why + "; status has the newest 24 decisions, one rollback and its limiters"));
    }

    /** The same with what its status has. */
    public Past with(RateLimitRolloutStatus status) {
        return new Past(evidence.with(status), missing);
    }
}
