package sluice.operator.admission;

import java.time.Duration;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/**
 * Finds the rollout that a pod's label names. The label may have been written by another replica that has seen a newer rollout than
 * this one's cache, so a cache that does not fit the label yet is given a moment to catch up, and then the API server is asked.
 */
final class RolloutLookup {

    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final RolloutSource rollouts;
    private final InjectionSettings settings;

    RolloutLookup(RolloutSource rollouts, InjectionSettings settings) {
        this.rollouts = rollouts;
        this.settings = settings;
    }

    /** The rollout that the label's value was made from, else whichever has that name, else empty. */
    Optional<RateLimitRollout> find(String namespace, String labelValue) throws InterruptedException {
        var name = InjectionLabel.rolloutName(labelValue);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var found = rollouts.cached(namespace, name);
        while (!fits(found, labelValue) && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE);
            found = rollouts.cached(namespace, name);
        }
        return fits(found, labelValue) ? found : rollouts.current(namespace, name);
    }

    private boolean fits(Optional<RateLimitRollout> rollout, String labelValue) {
        return rollout.map(found -> InjectionLabel.valueFor(found, settings))
                .filter(labelValue::equals)
                .isPresent();
    }
}
