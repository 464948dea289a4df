package sluice.operator.rollout;

import java.time.Duration;

/**
 * One step of the strategy.
 *
 * @param weight share of callers in the candidate arm, in percent, 1 to 100
 * @param hold how long the step lasts at least
 * @param manual whether somebody must approve before the step is left
 */
public record Step(int weight, Duration hold, boolean manual) {
    /** A step that needs no approval. */
    public Step(int weight, Duration hold) {
        this(weight, hold, false);
    }

    public Step {
        if (weight < 1 || weight > 100) {
            throw new IllegalArgumentException("weight is not between 1 and 100: " + weight);
        }
        if (hold.isNegative()) {
            throw new IllegalArgumentException("hold is negative: " + hold);
        }
    }
}
