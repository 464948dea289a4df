package sluice.limiter.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import sluice.limiter.config.Limit;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.InMemoryTokenBucket;
import sluice.limiter.limit.Taken;

/**
 * Takes the place of Redis: each replica has its share of every limit, starting from what Redis last said. What was decided here is
 * told to Redis when it is back, so that an outage grants no burst. A caller whose requests all reach one replica may be limited early.
 */
final class FallbackBuckets {

    private final InMemoryTokenBucket memory;
    private final LastKnownLevels lastKnown;

    FallbackBuckets(LongSupplier nanoTime) {
        this.memory = new InMemoryTokenBucket(nanoTime);
        this.lastKnown = new LastKnownLevels(nanoTime);
    }

    Taken take(CallerKey caller, List<Limit> limits, int replicas) {
        var shares = limits.stream().map(limit -> share(limit, replicas)).toList();
        return memory.takeNow(
                caller, shares, share -> initialTokens(caller, limits.get(shares.indexOf(share)), share, replicas));
    }

    // A longer period rather than fewer tokens: the rate stays exact, and a limit of one token keeps it.
    private static Limit share(Limit limit, int replicas) {
        var period = limit.period().toNanos();
        return new Limit(
                limit.name(),
                limit.match(),
                limit.tokens(),
                Duration.ofNanos(period * Math.min(replicas, Long.MAX_VALUE / period)),
                shareOfBurst(limit, replicas));
    }

    private static long shareOfBurst(Limit limit, int replicas) {
        return Math.max(1, limit.burst() / replicas);
    }

    private long initialTokens(CallerKey caller, Limit limit, Limit share, int replicas) {
        return lastKnown
                .tokens(caller, limit)
                .map(tokens -> Math.min(share.burst(), Math.ceilDiv(tokens, replicas)))
                .orElse(share.burst());
    }

    /** Per limit, the most token-microseconds that the caller can have in Redis: by the memory, and by an earlier connection. */
    long[] known(CallerKey caller, List<Limit> limits, int replicas, int connection) {
        return limits.stream()
                .mapToLong(limit -> lower(
                        memory.level(caller, limit)
                                .map(level -> most(limit, level, replicas))
                                .orElse(TakeScript.UNKNOWN),
                        lastKnown.most(caller, limit, connection).orElse(TakeScript.UNKNOWN)))
                .toArray();
    }

    // The first token that is missing here may be one that a late answer has charged already, and costs one; for every
    // further one,
    // the other replicas will have given one as well.
    private static long most(Limit limit, BucketLevel level, int replicas) {
        var missing = level.resetMicros() * (double) limit.tokens() / replicas / limit.periodMicros();
        var gone = missing <= 1 ? missing : 1 + (missing - 1) * replicas;
        return Math.max(0, (long) ((limit.burst() - gone) * limit.periodMicros()));
    }

    private static long lower(long one, long other) {
        return one < 0 || other < 0 ? Math.max(one, other) : Math.min(one, other);
    }

    /** Redis has decided, and has been told what was known here. */
    void settle(CallerKey caller, List<Limit> limits, Taken taken, int connection) {
        limits.forEach(limit -> memory.forget(caller, limit));
        lastKnown.remember(caller, limits, taken, connection);
    }
}
