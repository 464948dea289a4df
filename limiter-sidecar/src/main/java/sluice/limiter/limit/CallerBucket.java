package sluice.limiter.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import sluice.limiter.config.BucketSize;

/** One caller's bucket of one limit, in memory. */
final class CallerBucket {

    private final LocalBucket bucket;
    private final DecisionClock clock;
    private BucketSize size;
    private long askedAt;
    private boolean untouched;

    CallerBucket(BucketSize size, long initialTokens, DecisionClock clock) {
        this.clock = clock;
        this.size = size;
        this.askedAt = clock.currentTimeNanos();
        this.untouched = initialTokens >= size.burst();
        this.bucket = Bucket.builder()
                .addLimit(bandwidth(size, Math.min(initialTokens, size.burst())))
                .withCustomTimePrecision(clock)
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    private static Bandwidth bandwidth(BucketSize size, long initialTokens) {
        return Bandwidth.builder()
                .capacity(size.burst())
                .refillGreedy(size.tokens(), size.period())
                .initialTokens(initialTokens)
                .build();
    }

    /**
     * Takes another size up. The tokens stay, up to the new burst: a change grants no fresh one. The time since the bucket was last asked counts
     * at the faster rate of the two.
     */
    void adopt(BucketSize current) {
        if (current.isFasterThan(size)) {
            clock.asOf(askedAt, () -> replace(current));
        } else if (!size.equals(current)) {
            replace(current);
        }
        size = current;
        askedAt = clock.currentTimeNanos();
    }

    private void replace(BucketSize current) {
        bucket.replaceConfiguration(
                BucketConfiguration.builder()
                        .addLimit(bandwidth(current, current.burst()))
                        .build(),
                TokensInheritanceStrategy.AS_IS);
    }

    boolean has(long cost) {
        return bucket.getAvailableTokens() >= cost;
    }

    long tokens() {
        return bucket.getAvailableTokens();
    }

    /** True of a bucket that was made full and never gave anything. */
    boolean isUntouched() {
        return untouched;
    }

    BucketLevel take(long cost) {
        untouched = false;
        var probe = bucket.tryConsumeAndReturnRemaining(cost);
        return new BucketLevel(
                probe.getRemainingTokens(),
                probe.getNanosToWaitForReset() / 1000,
                retryMicros(probe.isConsumed(), probe.getNanosToWaitForRefill()));
    }

    private static long retryMicros(boolean there, long nanos) {
        return there ? 0 : Math.max(1, nanos / 1000);
    }

    /** The level, and how long until {@code cost} tokens are there. */
    BucketLevel look(long cost) {
        var result = bucket.asVerbose().estimateAbilityToConsume(cost);
        return new BucketLevel(
                result.getValue().getRemainingTokens(),
                result.getDiagnostics().calculateFullRefillingTime() / 1000,
                retryMicros(result.getValue().canBeConsumed(), result.getValue().getNanosToWaitForRefill()));
    }
}
