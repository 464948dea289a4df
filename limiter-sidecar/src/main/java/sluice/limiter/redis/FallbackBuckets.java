package sluice.limiter.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import sluice.limiter.config.BucketSize;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
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

    Taken take(CallerKey caller, List<Demand> demands, int replicas) {
        var shares = demands.stream().map(demand -> share(demand, replicas)).toList();
        return memory.takeNow(
                caller, shares, share -> initialTokens(caller, demands.get(shares.indexOf(share)), share, replicas));
    }

    // A longer period rather than fewer tokens: the rate stays exact, and a limit of one token keeps it.
    private static Demand share(Demand demand, int replicas) {
        var size = demand.size();
        var share = new BucketSize(
                size.tokens(),
                times(replicas, size.period()),
                shareOfBurst(size, replicas),
                size.largestCost(),
                times(replicas, size.keptFor()));
        return new Demand(demand.limit(), share, demand.cost());
    }

    private static Duration times(int replicas, Duration duration) {
        var nanos = Math.max(1, duration.toNanos());
        return duration.multipliedBy(Math.min(replicas, Long.MAX_VALUE / nanos));
    }

    // A share that the dearest request did not fit in would reject it for as long as Redis is away.
    private static long shareOfBurst(BucketSize size, int replicas) {
        return Math.max(size.largestCost(), size.burst() / replicas);
    }

    private long initialTokens(CallerKey caller, Demand demand, Demand share, int replicas) {
        var burst = share.size().burst();
        return lastKnown
                .tokens(caller, demand)
                .map(tokens -> Math.min(burst, Math.ceilDiv(tokens, replicas)))
                .orElse(burst);
    }

    /** Per limit, the most token-microseconds that the caller can have in Redis: by the memory, and by an earlier connection. */
    long[] known(CallerKey caller, List<Demand> demands, int replicas, int connection) {
        var known = new long[demands.size()];
        for (var index = 0; index < known.length; index++) {
            var demand = demands.get(index);
            known[index] = lower(
                    memory.level(caller, share(demand, replicas))
                            .map(level -> most(demand.size(), level, replicas))
                            .orElse(TakeScript.UNKNOWN),
                    lastKnown.most(caller, demand, connection).orElse(TakeScript.UNKNOWN));
        }
        return known;
    }

    // What is missing here first, up to one request's cost, may be what a late answer has charged already; for every
    // further token, the other replicas will have given one as well.
    private static long most(BucketSize size, BucketLevel level, int replicas) {
        var missing = level.resetMicros() * (double) size.tokens() / replicas / size.periodMicros();
        var cost = size.largestCost();
        var gone = missing <= cost ? missing : cost + (missing - cost) * replicas;
        return Math.max(0, (long) ((size.burst() - gone) * size.periodMicros()));
    }

    private static long lower(long one, long other) {
        return one < 0 || other < 0 ? Math.max(one, other) : Math.min(one, other);
    }

    /** Redis has decided, and has been told what was known here. */
    void settle(Inquiry inquiry, Taken taken, int configuration) {
        inquiry.demands().forEach(demand -> memory.forget(inquiry.caller(), demand));
        lastKnown.remember(inquiry, taken, configuration);
    }

    LastKnownLevels lastKnown() {
        return lastKnown;
    }
}
