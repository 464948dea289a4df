package sluice.limiter.limit;

import io.github.bucket4j.TimeMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import sluice.limiter.config.Limit;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;

/** Token buckets in this process, on Bucket4j. Decides as the Redis script does, to the microsecond. */
public final class InMemoryTokenBucket implements TokenBucket {

    private static final int MOST_BUCKETS = 50_000;

    // One time for a whole decision, in whole microseconds like the script's.
    private final class DecisionClock implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return now;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    private final LongSupplier nanoTime;
    private final BucketStore store;
    private long now;

    /** Keeps buckets by {@code nanoTime}, a monotonic clock. */
    public InMemoryTokenBucket(LongSupplier nanoTime) {
        this(nanoTime, MOST_BUCKETS);
    }

    InMemoryTokenBucket(LongSupplier nanoTime, int mostBuckets) {
        this.nanoTime = nanoTime;
        this.store = new BucketStore(new DecisionClock(), mostBuckets);
        tick();
    }

    private void tick() {
        now = nanoTime.getAsLong() / 1000 * 1000;
    }

    @Override
    public void take(CallerKey caller, List<Limit> limits, Consumer<Taken> then) {
        then.accept(takeNow(caller, limits, Limit::burst));
    }

    /** As {@link #take}; a bucket that is not there starts with {@code initialTokens}. */
    public Taken takeNow(CallerKey caller, List<Limit> limits, ToLongFunction<Limit> initialTokens) {
        tick();
        var buckets = new ArrayList<CallerBucket>(limits.size());
        for (var limit : limits) {
            buckets.add(store.get(caller, limit, initialTokens.applyAsLong(limit)));
        }
        var allowed = buckets.stream().allMatch(CallerBucket::hasToken);
        var levels = new ArrayList<BucketLevel>(limits.size());
        for (var bucket : buckets) {
            levels.add(allowed ? bucket.take() : bucket.look());
        }
        for (var index = 0; index < levels.size(); index++) {
            store.keepUntilFull(caller, limits.get(index), levels.get(index));
        }
        return new Taken(Backend.MEMORY, allowed, List.copyOf(levels));
    }

    /** A caller's own bucket, if there is one. */
    public Optional<BucketLevel> level(CallerKey caller, Limit limit) {
        tick();
        return store.level(caller, limit);
    }

    /** Forgets a caller's bucket, because something better is known elsewhere. */
    public void forget(CallerKey caller, Limit limit) {
        store.remove(caller, limit);
    }

    @Override
    public Backend backend() {
        return Backend.MEMORY;
    }

    long size() {
        tick();
        return store.size();
    }

    int sharedSize() {
        return store.sharedSize();
    }
}
