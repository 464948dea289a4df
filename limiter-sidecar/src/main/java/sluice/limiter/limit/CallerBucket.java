package sluice.limiter.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import sluice.limiter.config.BucketSize;

/** One caller's bucket of one limit, in memory. */
final class CallerBucket {

    private final LocalBucket bucket;
    private BucketSize size;
    private boolean untouched;

    CallerBucket(BucketSize size, long initialTokens, TimeMeter clock) {
        this.size = size;
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

    /** Takes another size up; what was saved until now, at the size of then, stays up to the new burst: a change grants no fresh one. */
    void adopt(BucketSize current) {
        if (!size.equals(current)) {
            bucket.replaceConfiguration(
                    BucketConfiguration.builder()
                            .addLimit(bandwidth(current, current.burst()))
                            .build(),
                    TokensInheritanceStrategy.AS_IS);
        }
        size = current;
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
                probe.getNanosToWaitForRefill() / 1000);
    }

    /** The level, and how long until {@code cost} tokens are there. */
    BucketLevel look(long cost) {
        var result = bucket.asVerbose().estimateAbilityToConsume(cost);
        return new BucketLevel(
                result.getValue().getRemainingTokens(),
                result.getDiagnostics().calculateFullRefillingTime() / 1000,
                result.getValue().getNanosToWaitForRefill() / 1000);
    }
}
