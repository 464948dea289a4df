package sluice.limiter.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import sluice.limiter.config.Limit;
import sluice.limiter.identity.CallerKey;
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

    void remember(CallerKey caller, List<Limit> limits, Taken taken, int connection) {
        for (var index = 0; index < limits.size(); index++) {
            levels.put(
                    new Key(limits.get(index).name(), caller.hash()),
                    new Level(taken.levels().get(index).resetMicros(), nanoTime.getAsLong(), connection));
        }
    }

    /** The whole tokens that the bucket should have by now. */
    Optional<Long> tokens(CallerKey caller, Limit limit) {
        return Optional.ofNullable(levels.getIfPresent(new Key(limit.name(), caller.hash())))
                .map(level -> most(level, limit) / limit.periodMicros());
    }

    /** The most token-microseconds that it can have, when an earlier connection than this one said so: this one may see other data. */
    Optional<Long> most(CallerKey caller, Limit limit, int connection) {
        return Optional.ofNullable(levels.getIfPresent(new Key(limit.name(), caller.hash())))
                .filter(level -> level.connection() != connection)
                .map(level -> most(level, limit));
    }

    private long most(Level level, Limit limit) {
        var untilFull = level.resetMicros() - (nanoTime.getAsLong() - level.atNanos()) / 1000;
        var full = limit.burst() * limit.periodMicros();
        // The limit may be another one by now, and the time until full too long for it.
        return untilFull <= 0 ? full : Math.max(0, full - Math.min(untilFull, full / limit.tokens()) * limit.tokens());
    }
}
