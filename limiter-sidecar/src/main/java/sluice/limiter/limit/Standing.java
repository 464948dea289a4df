package sluice.limiter.limit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;

/** Turns what the buckets said into what the caller is told: of several limits, the one that binds. */
final class Standing {

    private record Bound(Demand demand, BucketLevel level) {

        /** How many more requests of the same cost would pass. */
        long requestsLeft() {
            return level.remaining() / demand.cost();
        }
    }

    private Standing() {}

    static Outcome of(List<Demand> demands, Taken taken) {
        var bounds = IntStream.range(0, demands.size())
                .mapToObj(index -> new Bound(demands.get(index), taken.levels().get(index)))
                .toList();
        return taken.allowed() ? allowed(bounds) : throttled(bounds);
    }

    private static Outcome allowed(List<Bound> bounds) {
        return new Outcome.Allow(bounds.stream()
                .min(Comparator.comparingLong(Bound::requestsLeft))
                .map(Standing::state));
    }

    private static Outcome throttled(List<Bound> bounds) {
        var longest = bounds.stream()
                .max(Comparator.comparingLong(bound -> bound.level().retryMicros()))
                .orElseThrow();
        return new Outcome.Throttle(
                state(longest), Optional.of(micros(longest.level().retryMicros())));
    }

    /** A limit of no tokens: there is no time at which a retry would pass. */
    static Outcome denied(Demand demand) {
        return new Outcome.Throttle(state(new Bound(demand, new BucketLevel(0, 0, 0))), Optional.empty());
    }

    private static LimitState state(Bound bound) {
        var size = bound.demand().size();
        return new LimitState(
                bound.demand().limit(),
                size.tokens(),
                size.period(),
                size.burst(),
                bound.level().remaining(),
                micros(bound.level().resetMicros()));
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
