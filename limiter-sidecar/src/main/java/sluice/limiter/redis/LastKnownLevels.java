package sluice.limiter.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import sluice.limiter.config.BucketSize;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

/** What Redis last said of the callers seen lately, so that losing Redis, or its data, hands out no fresh bursts. */
final class LastKnownLevels {

    private static final int MOST = 20_000;

    private record Key(String limit, String caller) {}

    // `connection` counts the connections: which of them said so.
    private record Level(long resetMicros, long atNanos, int connection) {}

    private final LongSupplier nanoTime;
    private final Cache<Key, Level> levels =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    LastKnownLevels(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void remember(CallerKey caller, List<Demand> demands, Taken taken, int connection) {
        for (var index = 0; index < demands.size(); index++) {
            levels.put(
                    key(caller, demands.get(index)),
                    new Level(taken.levels().get(index).resetMicros(), nanoTime.getAsLong(), connection));
        }
    }

    private static Key key(CallerKey caller, Demand demand) {
        return new Key(demand.limit(), caller.hash());
    }

    /** The whole tokens that the bucket should have by now. */
    Optional<Long> tokens(CallerKey caller, Demand demand) {
        return Optional.ofNullable(levels.getIfPresent(key(caller, demand)))
                .map(level -> most(level, demand.size()) / demand.size().periodMicros());
    }

    /** The most token-microseconds that it can have, when an earlier connection than this one said so: this one may see other data. */
    Optional<Long> most(CallerKey caller, Demand demand, int connection) {
        return Optional.ofNullable(levels.getIfPresent(key(caller, demand)))
                .filter(level -> level.connection() != connection)
                .map(level -> most(level, demand.size()));
    }

    private long most(Level level, BucketSize size) {
        var untilFull = level.resetMicros() - (nanoTime.getAsLong() - level.atNanos()) / 1000;
        var full = size.burst() * size.periodMicros();
        // The limit may be another one by now, and the time until full too long for it.
        return untilFull <= 0 ? full : Math.max(0, full - Math.min(untilFull, full / size.tokens()) * size.tokens());
    }
}
