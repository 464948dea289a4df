package sluice.limiter.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import sluice.limiter.config.Limit;

/** One caller's bucket of one limit, in memory. */
final class CallerBucket {

    private final LocalBucket bucket;
    private Limit limit;

    CallerBucket(Limit limit, long initialTokens, TimeMeter clock) {
        this.limit = limit;
        this.bucket = Bucket.builder()
                .addLimit(bandwidth(limit, Math.min(initialTokens, limit.burst())))
                .withCustomTimePrecision(clock)
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    private static Bandwidth bandwidth(Limit limit, long initialTokens) {
        return Bandwidth.builder()
                .capacity(limit.burst())
                .refillGreedy(limit.tokens(), limit.period())
                .initialTokens(initialTokens)
                .build();
    }

    /** Takes a changed limit up; what was saved stays, up to the new burst: a change grants no fresh burst. */
    void adopt(Limit current) {
        if (limit.tokens() != current.tokens()
                || limit.burst() != current.burst()
                || !limit.period().equals(current.period())) {
            bucket.replaceConfiguration(
                    BucketConfiguration.builder()
                            .addLimit(bandwidth(current, current.burst()))
                            .build(),
                    TokensInheritanceStrategy.AS_IS);
        }
        limit = current;
    }

    boolean hasToken() {
        return bucket.getAvailableTokens() > 0;
    }

    long tokens() {
        return bucket.getAvailableTokens();
    }

    BucketLevel take() {
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        return new BucketLevel(
                probe.getRemainingTokens(),
                probe.getNanosToWaitForReset() / 1000,
                probe.getNanosToWaitForRefill() / 1000);
    }

    BucketLevel look() {
        var result = bucket.asVerbose().estimateAbilityToConsume(1);
        return new BucketLevel(
                result.getValue().getRemainingTokens(),
                result.getDiagnostics().calculateFullRefillingTime() / 1000,
                result.getValue().getNanosToWaitForRefill() / 1000);
    }
}
