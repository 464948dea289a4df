package sluice.operator.rollout;

import java.time.Instant;

/**
 * One value of a signal at one instant.
 *
 * @param value always finite; NaN and infinities are missing data and never get here
 */
public record Sample(Instant at, double value) {
    public Sample {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value is not finite");
        }
    }
}
