package sluice.operator.admission;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/**
 * Finds the rollout that a pod's label names. The label may have been written by another replica that has seen a newer rollout than
 * this one's cache, so a cache that does not fit the label yet is given a moment to catch up, and then the API server is asked. A label
 * that is older than the rollout, as after an upgrade of the operator, never fits: that is remembered.
 */
final class RolloutLookup {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutLookup.class);
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int MOST_REMEMBERED = 1_000;

    private final RolloutSource rollouts;
    private final InjectionSettings settings;
    /** What was asked for in vain. A label fits by spec alone, so it may fit the rollout's next generation and no other. */
    private final Set<Outdated> outdated = ConcurrentHashMap.newKeySet();

    private record Outdated(String label, String uid, long generation) {}

    RolloutLookup(RolloutSource rollouts, InjectionSettings settings) {
        this.rollouts = rollouts;
        this.settings = settings;
    }

    /** The rollout that the label's value was made from, else whichever has that name, else empty. */
    Optional<RateLimitRollout> find(String namespace, String labelValue) throws InterruptedException {
        var name = InjectionLabel.rolloutName(labelValue);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var found = rollouts.cached(namespace, name);
        if (found.filter(rollout -> outdated.contains(outdated(rollout, labelValue)))
                .isPresent()) {
            return found;
        }
        while (!fits(found, labelValue) && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE);
            found = rollouts.cached(namespace, name);
        }
        return fits(found, labelValue) ? found : current(namespace, labelValue, found);
    }

    /** As the API server has it, or when it cannot say so, as the cache has it: its sidecar is better than none. */
    private Optional<RateLimitRollout> current(String namespace, String labelValue, Optional<RateLimitRollout> cached) {
        try {
            var current = rollouts.current(namespace, InjectionLabel.rolloutName(labelValue));
            if (!fits(current, labelValue)) {
                current.ifPresent(rollout -> remember(outdated(rollout, labelValue)));
            }
            return current;
        } catch (RuntimeException e) {
            if (cached.isEmpty()) {
                throw e;
            }
            LOG.warn("rollout of {}/{} taken from the cache", namespace, labelValue, e);
            return cached;
        }
    }

    private void remember(Outdated label) {
        if (outdated.size() >= MOST_REMEMBERED) {
            outdated.clear();
        }
        outdated.add(label);
    }

    private static Outdated outdated(RateLimitRollout rollout, String labelValue) {
        var metadata = rollout.getMetadata();
        return new Outdated(
                labelValue,
                requireNonNullElse(metadata.getUid(), ""),
                requireNonNullElse(metadata.getGeneration(), 0L));
    }

    private boolean fits(Optional<RateLimitRollout> rollout, String labelValue) {
        return rollout.map(found -> InjectionLabel.valueFor(found, settings))
                .filter(labelValue::equals)
                .isPresent();
    }
}
