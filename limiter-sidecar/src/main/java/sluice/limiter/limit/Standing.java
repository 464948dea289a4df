package sluice.limiter.limit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import sluice.limiter.judge.LimitReport;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;

/**
 * Turns what the buckets said into what the caller is told.
 *
 * @param legacy whether it is told in the older headers too
 */
record Standing(boolean legacy) {

    private static final BucketLevel NOTHING = new BucketLevel(0, 0, 0);

    private record Bound(Demand demand, BucketLevel level, LimitState state) {

        static Bound of(Demand demand, BucketLevel level) {
            return new Bound(demand, level, Standing.state(demand, level));
        }

        /** How many more requests of the same cost would pass. */
        long requestsLeft() {
            return level.remaining() / demand.cost();
        }

        long retryMicros() {
            return level.retryMicros();
        }
    }

    Outcome of(List<Demand> demands, Taken taken) {
        var bounds = new ArrayList<Bound>(demands.size());
        for (var index = 0; index < demands.size(); index++) {
            bounds.add(Bound.of(demands.get(index), taken.levels().get(index)));
        }
        return taken.allowed() ? allowed(bounds) : throttled(bounds);
    }

    private Outcome allowed(List<Bound> bounds) {
        return new Outcome.Allow(
                report(bounds, Collections.min(bounds, Comparator.comparingLong(Bound::requestsLeft))));
    }

    private Outcome throttled(List<Bound> bounds) {
        var exceeded = bounds.stream()
                .filter(bound -> bound.retryMicros() > 0)
                .sorted(Comparator.comparingLong(Bound::retryMicros).reversed())
                .toList();
        // At least one is: a decision in which none was would have been to allow.
        var longest = exceeded.isEmpty() ? bounds.getFirst() : exceeded.getFirst();
        return new Outcome.Throttle(
                report(bounds, longest),
                exceeded.stream().map(bound -> bound.demand().limit()).toList(),
                Optional.of(micros(longest.retryMicros())));
    }

    private LimitReport report(List<Bound> bounds, Bound tightest) {
        return new LimitReport(bounds.stream().map(Bound::state).toList(), Optional.of(tightest.state()), legacy);
    }

    /** A limit of no tokens: there is no time at which a retry would pass. */
    Outcome denied(Demand demand) {
        var denied = Bound.of(demand, NOTHING);
        return new Outcome.Throttle(report(List.of(denied), denied), List.of(demand.limit()), Optional.empty());
    }

    private static LimitState state(Demand demand, BucketLevel level) {
        var size = demand.size();
        return new LimitState(
                demand.limit(),
                size.tokens(),
                size.period(),
                size.burst(),
                level.remaining(),
                micros(level.resetMicros()));
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
