package sluice.limiter.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;

/** Token buckets in this process, on Bucket4j. Decides as the Redis script does, to the microsecond. */
public final class InMemoryTokenBucket implements TokenBucket {

    private static final int MOST_BUCKETS = 50_000;

    private final DecisionClock clock;
    private final BucketStore store;

    /** Keeps buckets by {@code nanoTime}, a monotonic clock. */
    public InMemoryTokenBucket(LongSupplier nanoTime) {
        this(nanoTime, MOST_BUCKETS);
    }

    InMemoryTokenBucket(LongSupplier nanoTime, int mostBuckets) {
        this.clock = new DecisionClock(nanoTime);
        this.store = new BucketStore(clock, mostBuckets);
    }

    @Override
    public void take(CallerKey caller, List<Demand> demands, Consumer<Taken> then) {
        then.accept(takeNow(caller, demands));
    }

    /** As {@link #take}, in place. */
    public Taken takeNow(CallerKey caller, List<Demand> demands) {
        return takeNow(caller, demands, demand -> demand.size().burst());
    }

    /** As {@link #take}, in place; a bucket that is not there starts with {@code initialTokens}. */
    public Taken takeNow(CallerKey caller, List<Demand> demands, ToLongFunction<Demand> initialTokens) {
        clock.tick();
        var buckets = new ArrayList<CallerBucket>(demands.size());
        var allowed = true;
        for (var demand : demands) {
            var bucket = store.get(caller, demand, initialTokens.applyAsLong(demand));
            allowed &= bucket.has(demand.cost());
            buckets.add(bucket);
        }
        var levels = new ArrayList<BucketLevel>(demands.size());
        for (var index = 0; index < demands.size(); index++) {
            var demand = demands.get(index);
            var bucket = buckets.get(index);
            var level = allowed ? bucket.take(demand.cost()) : bucket.look(demand.cost());
            if (bucket.isUntouched()) {
                // Full at whatever size it is asked for next: nothing to remember.
                store.remove(caller, demand);
            } else {
                store.keepUntilFull(caller, demand, level);
            }
            levels.add(level);
        }
        return new Taken(Backend.MEMORY, allowed, List.copyOf(levels));
    }

    /** A caller's own bucket, if there is one. */
    public Optional<BucketLevel> level(CallerKey caller, Demand demand) {
        clock.tick();
        return store.level(caller, demand);
    }

    /** Forgets a caller's bucket, because something better is known elsewhere. */
    public void forget(CallerKey caller, Demand demand) {
        store.remove(caller, demand);
    }

    @Override
    public Backend backend() {
        return Backend.MEMORY;
    }

    long size() {
        clock.tick();
        return store.size();
    }

    int sharedSize() {
        return store.sharedSize();
    }
}
