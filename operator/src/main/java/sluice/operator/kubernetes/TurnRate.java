package sluice.operator.kubernetes;

import io.javaoperatorsdk.operator.processing.event.rate.RateLimiter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often a rollout has a turn: a token bucket of turns. So many may follow each other at once, then one each time a token is refilled, and nobody waits
 * for longer than that takes.
 */
final class TurnRate implements RateLimiter<TurnRate.Bucket> {

    /** One rollout's. The framework asks under its lock, never in two threads at once. */
    static final class Bucket implements RateLimiter.RateLimitState {
        /** When every token is there again, in the limiter's nanoseconds. */
        private long fullAt;

        private Bucket(long fullAt) {
            this.fullAt = fullAt;
        }
    }

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final int burst;
    private final long refill;
    private final LongSupplier nanoTime;

    /**
     * A rate.
     *
     * @param burst turns that may begin at once, at least 1
     * @param refill the time for one more, whole milliseconds
     * @param nanoTime monotonic, in nanoseconds
     */
    TurnRate(int burst, Duration refill, LongSupplier nanoTime) {
        this.burst = burst;
        this.refill = refill.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public Bucket initState() {
        return new Bucket(nanoTime.getAsLong());
    }

    /**
     * Begins a turn, if one may begin.
     *
     * @return empty when it has begun, else what is left until one may: whole milliseconds, at least one, at most the time of a refill
     */
    @Override
    public Optional<Duration> isLimited(RateLimiter.RateLimitState rollout) {
        var bucket = (Bucket) rollout;
        var now = nanoTime.getAsLong();
        var afterTurn = Math.max(0, bucket.fullAt - now) + refill;
        var left = afterTurn - burst * refill;
        if (left > 0) {
            // The framework's timer counts milliseconds: rounded down, it would come too early.
            return Optional.of(Duration.ofMillis(Math.ceilDiv(left, NANOS_PER_MILLI)));
        }
        bucket.fullAt = now + afterTurn;
        return Optional.empty();
    }
}
