package sluice.operator.admission;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/**
 * Finds the rollout that a pod's label names. The label may have been written by another replica that has seen a newer rollout than
 * this one's cache, so a cache that does not fit the label yet is given a moment to catch up.
 */
final class RolloutLookup {

    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final BiFunction<String, String, Optional<RateLimitRollout>> rollouts;
    private final InjectionSettings settings;

    RolloutLookup(BiFunction<String, String, Optional<RateLimitRollout>> rollouts, InjectionSettings settings) {
        this.rollouts = rollouts;
        this.settings = settings;
    }

    /** The rollout that the label's value was made from, else whichever has that name, else empty. */
    Optional<RateLimitRollout> find(String namespace, String labelValue) throws InterruptedException {
        var name = InjectionLabel.rolloutName(labelValue);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var found = rollouts.apply(namespace, name);
        while (!fits(found, labelValue) && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE);
            found = rollouts.apply(namespace, name);
        }
        return found;
    }

    private boolean fits(Optional<RateLimitRollout> rollout, String labelValue) {
        return rollout.map(found -> InjectionLabel.valueFor(found, settings))
                .filter(labelValue::equals)
                .isPresent();
    }
}
