package sluice.operator.rollout;

import java.time.Duration;

/**
 * Rolls back when every sample over {@code window} is at or over the threshold.
 *
 * @param window the rule's {@code for}
 */
public record StopLossRule(Signal signal, Threshold threshold, Duration window) {
    public StopLossRule {
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("for is not positive: " + window);
        }
    }
}
