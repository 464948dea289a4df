package sluice.limiter.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The size of a token bucket.
 *
 * @param tokens tokens that refill evenly over {@code period}; 0 denies every request
 * @param burst the most that can be saved up, in tokens; at least {@code largestCost}, unless nothing refills
 * @param largestCost the most that one request takes, in tokens
 * @param keptFor how long a bucket is kept after its last use even when it is full at this size, because it would not be at another
 *     size of its limit; zero when there is no other
 */
public record BucketSize(long tokens, Duration period, long burst, long largestCost, Duration keptFor) {

    /** The only size of its limit. */
    public BucketSize(long tokens, Duration period, long burst, long largestCost) {
        this(tokens, period, burst, largestCost, Duration.ZERO);
    }

    /** The period in microseconds, the unit that both kinds of bucket count in. */
    public long periodMicros() {
        return period.toNanos() / 1000;
    }

    /** How long an empty bucket takes to be full; zero when nothing refills. */
    public Duration refill() {
        return tokens == 0
                ? Duration.ZERO
                : Duration.of(Math.ceilDiv(burst * periodMicros(), tokens), ChronoUnit.MICROS);
    }

    /** Whether more tokens come in over any time. In floating point, as the Redis script compares. */
    public boolean isFasterThan(BucketSize other) {
        return (double) tokens * other.periodMicros() > (double) other.tokens * periodMicros();
    }

    BucketSize keptFor(Duration longest) {
        return new BucketSize(tokens, period, burst, largestCost, longest);
    }
}
