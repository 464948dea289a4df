package sluice.limiter.config;

import java.time.Duration;

/**
 * The size of a token bucket.
 *
 * @param tokens tokens that refill evenly over {@code period}; 0 denies every request
 * @param burst the most that can be saved up, in tokens; at least {@code largestCost}, unless nothing refills
 * @param largestCost the most that one request takes, in tokens
 */
public record BucketSize(long tokens, Duration period, long burst, long largestCost) {

    /** The period in microseconds, the unit that both kinds of bucket count in. */
    public long periodMicros() {
        return period.toNanos() / 1000;
    }
}
