package sluice.operator.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What brings a rollout back by itself.
 *
 * @param provider name of the Prometheus in the operator's configuration
 * @param interval between evaluations, and between the samples of a window
 * @param noDataAfter missing data that last this long roll back
 * @param progressDeadline being kept from progressing for this long rolls back
 * @param deadManSwitch how long a sidecar keeps the candidate without hearing from the operator
 * @param armedAfterPromotion how long a broken rule still takes a promoted limiter back; zero for not at all
 */
public record StopLoss(
        String provider,
        Duration interval,
        List<StopLossRule> rules,
        Duration noDataAfter,
        Duration progressDeadline,
        Duration deadManSwitch,
        Duration armedAfterPromotion) {
    private static final int MOST_SAMPLES = 600;

    public StopLoss {
        rules = List.copyOf(rules);
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval is not positive: " + interval);
        }
    }

    /** One that a promotion disarms. */
    public StopLoss(
            String provider,
            Duration interval,
            List<StopLossRule> rules,
            Duration noDataAfter,
            Duration progressDeadline,
            Duration deadManSwitch) {
        this(provider, interval, rules, noDataAfter, progressDeadline, deadManSwitch, Duration.ZERO);
    }

    /** The time between the samples of a rule's window: the interval, or a multiple of it where the window would get too long. */
    public Duration step(StopLossRule rule) {
        long intervals = rule.window().dividedBy(interval);
        return interval.multipliedBy(1 + Math.max(0, intervals - 1) / MOST_SAMPLES);
    }

    /** How many samples a rule's window has when none is missing and one is at its end. */
    public long expectedSamples(StopLossRule rule) {
        return Math.max(1, Math.ceilDiv(rule.window().toMillis(), step(rule).toMillis()));
    }

    /** How long a breach must last to break a rule about {@code signal}. */
    Optional<Duration> window(Signal signal) {
        return rules.stream()
                .filter(rule -> rule.signal().equals(signal))
                .map(StopLossRule::window)
                .findFirst();
    }
}
