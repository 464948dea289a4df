package sluice.limiter.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import sluice.limiter.config.Limit;
import sluice.limiter.identity.CallerKey;
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
                Math.max(1, limit.burst() / replicas));
    }

    private long initialTokens(CallerKey caller, Limit limit, Limit share, int replicas) {
        return lastKnown
                .tokens(caller, limit)
                .map(tokens -> Math.min(share.burst(), Math.ceilDiv(tokens, replicas)))
                .orElse(share.burst());
    }

    /** Per limit, the most whole tokens that the caller can have in Redis: by the memory, or by an earlier connection. */
    long[] known(CallerKey caller, List<Limit> limits, int replicas, int connection) {
        return limits.stream()
                .mapToLong(limit -> memory.tokens(caller, limit)
                        .map(tokens -> tokens * replicas)
                        .or(() -> lastKnown.mostTokens(caller, limit, connection))
                        .orElse(TakeScript.UNKNOWN))
                .toArray();
    }

    /** Redis has decided, and has been told what was known here. */
    void settle(CallerKey caller, List<Limit> limits, Taken taken, int connection) {
        limits.forEach(limit -> memory.forget(caller, limit));
        lastKnown.remember(caller, limits, taken, connection);
    }
}
