package sluice.limiter.config;

import java.time.Duration;

/**
 * One token bucket per caller.
 *
 * @param tokens tokens that refill evenly over {@code period}; 0 denies every request that matches
 * @param burst the most that can be saved up, in tokens
 */
public record Limit(String name, LimitMatch match, long tokens, Duration period, long burst) {

    /** The size of each caller's bucket. */
    public BucketSize size() {
        return new BucketSize(tokens, period, burst, 1);
    }
}
