package sluice.limiter.config;

import java.time.Duration;

/**
 * One token bucket per caller.
 *
 * @param tokens tokens that refill evenly over {@code period}; 0 denies every request that matches
 * @param burst the most that can be saved up, in tokens
 */
public record Limit(String name, LimitMatch match, long tokens, Duration period, long burst) {

    /** The period in microseconds, the unit that both kinds of bucket count in. */
    public long periodMicros() {
        return period.toNanos() / 1000;
    }
}
