package sluice.limiter.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

/**
 * What Redis last said of the callers seen lately: so that nobody asks for what cannot be there yet, and so that losing Redis, or its
 * data, hands out no fresh bursts.
 */
final class LastKnownLevels {

    private static final int MOST = 20_000;
    private static final BucketLevel NOTHING_KNOWN = new BucketLevel(0, 0, 0);

    private record Key(String limit, String caller) {}

    private final LongSupplier nanoTime;
    private final Cache<Key, KnownLevel> levels =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    LastKnownLevels(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Redis has decided, by a configuration. */
    void remember(Inquiry inquiry, Taken taken, int configuration) {
        var demands = inquiry.demands();
        for (var index = 0; index < demands.size(); index++) {
            var demand = demands.get(index);
            levels.put(
                    key(inquiry.caller(), demand),
                    new KnownLevel(
                            demand.size(),
                            taken.levels().get(index).resetMicros(),
                            inquiry.askedAt(),
                            inquiry.connection(),
                            configuration));
        }
    }

    private static Key key(CallerKey caller, Demand demand) {
        return new Key(demand.limit(), caller.hash());
    }

    private @Nullable KnownLevel level(CallerKey caller, Demand demand) {
        return levels.getIfPresent(key(caller, demand));
    }

    /** The whole tokens that the bucket should have by now. */
    Optional<Long> tokens(CallerKey caller, Demand demand) {
        return Optional.ofNullable(level(caller, demand))
                .map(level -> level.most(demand.size(), nanoTime.getAsLong())
                        / demand.size().periodMicros());
    }

    /** The most token-microseconds that it can have, when an earlier connection than this one said so: this one may see other data. */
    Optional<Long> most(CallerKey caller, Demand demand, int connection) {
        return Optional.ofNullable(level(caller, demand))
                .filter(level -> level.connection() != connection)
                .map(level -> level.most(demand.size(), nanoTime.getAsLong()));
    }

    /**
     * Says no for Redis when a bucket cannot have what is demanded, by what Redis said under the same configuration. Of what may be there
     * nothing is promised: others may have taken it.
     */
    Optional<Taken> rejection(CallerKey caller, List<Demand> demands, int configuration) {
        var now = nanoTime.getAsLong();
        for (var demand : demands) {
            var known = level(caller, demand, configuration);
            if (known != null && known.untilHas(demand.cost(), now) > 0) {
                return Optional.of(rejected(caller, demands, configuration, now));
            }
        }
        return Optional.empty();
    }

    private Taken rejected(CallerKey caller, List<Demand> demands, int configuration, long now) {
        var told = new ArrayList<BucketLevel>(demands.size());
        for (var demand : demands) {
            var known = level(caller, demand, configuration);
            told.add(
                    known == null
                            ? NOTHING_KNOWN
                            : new BucketLevel(
                                    0,
                                    Math.max(0, known.untilFull(now)),
                                    Math.max(0, known.untilHas(demand.cost(), now))));
        }
        return new Taken(Backend.REDIS, false, List.copyOf(told));
    }

    // A caller may have been of another tier then, which has a bucket of another size.
    private @Nullable KnownLevel level(CallerKey caller, Demand demand, int configuration) {
        var known = level(caller, demand);
        return known != null
                        && known.configuration() == configuration
                        && known.size().equals(demand.size())
                ? known
                : null;
    }

    long size() {
        levels.cleanUp();
        return levels.estimatedSize();
    }
}
