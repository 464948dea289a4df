package sluice.operator.admission;

import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Where the webhook finds rollouts. */
@FunctionalInterface
public interface RolloutSource {

    /** From a cache, which may lag: this is asked first, on the path of pod creation. */
    Optional<RateLimitRollout> cached(String namespace, String name);

    /** From the API server; asked when the cache does not know what the pod's label was made from. */
    default Optional<RateLimitRollout> current(String namespace, String name) {
        return cached(namespace, name);
    }
}
