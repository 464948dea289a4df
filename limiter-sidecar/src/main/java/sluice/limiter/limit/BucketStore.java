package sluice.limiter.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy.VarExpiration;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sluice.limiter.config.BucketSize;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.identity.CallerPlaces;

/**
 * The buckets in memory, in bounded space. Only a full bucket is dropped, for it says nothing; so no caller ever gets a fresh one by
 * making the sidecar forget. Beyond the bound, callers without a bucket share a fixed number of overflow buckets.
 */
final class BucketStore {

    private record Key(String limit, String caller) {}

    private record Stripe(String limit, int stripe) {}

    private final CallerPlaces stripes = new CallerPlaces(8);
    private final DecisionClock clock;
    private final int most;
    private final Cache<Key, CallerBucket> own;
    private final VarExpiration<Key, CallerBucket> expiry;
    private final Map<Stripe, CallerBucket> shared = new HashMap<>();

    BucketStore(DecisionClock clock, int most) {
        this.clock = clock;
        this.most = most;
        this.own = Caffeine.newBuilder()
                .ticker(clock::currentTimeNanos)
                .executor(Runnable::run)
                .expireAfter(Expiry.<Key, CallerBucket>creating((key, bucket) -> Duration.ofNanos(Long.MAX_VALUE)))
                .build();
        this.expiry = own.policy().expireVariably().orElseThrow();
    }

    /** The caller's bucket, made with {@code initialTokens} when there is none. */
    CallerBucket get(CallerKey caller, Demand demand, long initialTokens) {
        var key = key(caller, demand);
        var known = own.getIfPresent(key);
        var bucket = known == null ? create(key, demand.size(), initialTokens) : known;
        bucket.adopt(demand.size());
        return bucket;
    }

    private static Key key(CallerKey caller, Demand demand) {
        return new Key(demand.limit(), caller.hash());
    }

    private CallerBucket create(Key key, BucketSize size, long initialTokens) {
        var stripe = new Stripe(key.limit(), stripes.of(key.caller()));
        if (isFull()) {
            return shared.computeIfAbsent(stripe, s -> new CallerBucket(size, initialTokens, clock));
        }
        // Who leaves a shared bucket takes its level along.
        var left = shared.get(stripe);
        var bucket =
                new CallerBucket(size, left == null ? initialTokens : Math.min(initialTokens, left.tokens()), clock);
        own.put(key, bucket);
        return bucket;
    }

    private boolean isFull() {
        if (own.estimatedSize() < most) {
            return false;
        }
        own.cleanUp();
        return own.estimatedSize() >= most;
    }

    /** Lets the bucket go once it is full again, at every size of its limit. */
    void keepUntilFull(CallerKey caller, Demand demand, BucketLevel level) {
        var untilFull = Duration.of(level.resetMicros() + 1, ChronoUnit.MICROS);
        var keptFor = demand.size().keptFor();
        expiry.setExpiresAfter(key(caller, demand), untilFull.compareTo(keptFor) < 0 ? keptFor : untilFull);
    }

    /** A caller's own bucket at the size demanded, if it has one. */
    Optional<BucketLevel> level(CallerKey caller, Demand demand) {
        return Optional.ofNullable(own.getIfPresent(key(caller, demand))).map(bucket -> {
            bucket.adopt(demand.size());
            return bucket.look(demand.cost());
        });
    }

    void remove(CallerKey caller, Demand demand) {
        own.invalidate(key(caller, demand));
    }

    long size() {
        own.cleanUp();
        return own.estimatedSize();
    }

    int sharedSize() {
        return shared.size();
    }
}
