package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.BucketSize;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.InMemoryTokenBucket;

/** Several sidecars and one caller, the script in a real Redis, and a clock of ours. */
class SharedBucketIT {

    /** One request: how long after the one before, where, of which limits, and how long its messages take. */
    record Request(long pauseMicros, int sidecar, int limits, long thereMicros, long backMicros) {}

    private static final AtomicLong HISTORY = new AtomicLong();
    private static @Nullable ScriptOnOurClock script;

    @BeforeContainer
    static void start() {
        script = new ScriptOnOurClock();
    }

    @AfterContainer
    static void stop() {
        if (script != null) {
            script.close();
        }
    }

    private static Sidecars sidecars(int count) {
        if (script == null) {
            throw new IllegalStateException("redis is not there");
        }
        return new Sidecars(script, "user-" + HISTORY.incrementAndGet(), count);
    }

    private static void send(Sidecars sidecars, int count, List<Demand> limits, List<Request> requests) {
        var micros = 0L;
        for (var request : requests) {
            micros += request.pauseMicros();
            var demands = IntStream.range(0, limits.size())
                    .filter(index -> limits.size() == 1 || (request.limits() >> index & 1) == 1)
                    .mapToObj(limits::get)
                    .toList();
            sidecars.request(request.sidecar() % count, micros, demands, request.thereMicros(), request.backMicros());
        }
    }

    @Property(tries = 200)
    void admitsNoMoreThanTheLimitAndTheLeases(
            @ForAll("sizes") @Size(min = 1, max = 2) List<BucketSize> sizes,
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll("busy") @Size(min = 50, max = 200) List<Request> requests) {
        var limits = limits(sizes);
        var sidecars = sidecars(count).heated();
        send(sidecars, count, limits, requests);

        var decisions = sidecars.run();

        for (var limit : limits) {
            assertAdmitted(limit, decisions, count * (limit.size().burst() / CallerLeases.PARTS));
        }
    }

    @Property(tries = 200)
    void isExactForCallersWhoDoNotComeOften(
            @ForAll("sizes") @Size(min = 1, max = 2) List<BucketSize> sizes,
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll("busy") @Size(min = 1, max = 90) List<Request> requests) {
        var limits = limits(sizes);
        var sidecars = sidecars(count);
        send(sidecars, count, limits, requests);
        var clock = new AtomicLong();
        var exact = new InMemoryTokenBucket(() -> clock.get() * 1000);

        sidecars.listen((micros, decision) -> {
            clock.set(micros);
            var expected = exact.takeNow(CallerKey.of("6f0c", "user:alice"), decision.demands());
            assertThat(decision.taken().allowed()).isEqualTo(expected.allowed());
            if (decision.local()) {
                // Others may have taken more since: the truth is never sooner, by more than both round.
                assertThat(longestRetry(decision.taken().levels()))
                        .isLessThanOrEqualTo(longestRetry(expected.levels()) + 1);
            } else {
                assertThat(decision.taken().levels()).isEqualTo(expected.levels());
            }
        });
        sidecars.run();
    }

    private static long longestRetry(List<BucketLevel> levels) {
        return levels.stream().mapToLong(BucketLevel::retryMicros).max().orElseThrow();
    }

    /** In every span of time; the bucket was full and nothing was leased when the first began, so that it has none to its credit. */
    private static void assertAdmitted(Demand limit, List<Sidecars.Decision> decisions, long leases) {
        var admitted = decisions.stream()
                .filter(decision ->
                        decision.taken().allowed() && decision.demands().contains(limit))
                .mapToLong(Sidecars.Decision::micros)
                .toArray();
        for (var first = 0; first < admitted.length; first++) {
            for (var last = first; last < admitted.length; last++) {
                var most = most(limit.size(), admitted[last] - admitted[first]) + (first == 0 ? 0 : leases);
                assertThat((last - first + 1) * limit.cost()).isLessThanOrEqualTo(most);
            }
        }
    }

    private static long most(BucketSize size, long micros) {
        return size.burst() + (micros + 1) * size.tokens() / size.periodMicros();
    }

    @Example
    void aHotCallerWithinItsLimitCostsFewCallsAndIsNeverRejected() {
        var decisions = hot(4000);

        assertThat(decisions.allowed()).isEqualTo(decisions.all());
        assertThat(decisions.calls() / (double) decisions.all()).isLessThan(0.1);
    }

    @Example
    void aHotCallerOverItsLimitCostsFewCallsAndGetsItsLimit() {
        var decisions = hot(500);

        // Five seconds' worth, and the burst.
        assertThat(decisions.allowed()).isBetween(3000L * 97 / 100, 3000L + 4 * 25);
        assertThat(decisions.calls() / (double) decisions.all()).isLessThan(0.1);
    }

    record Counted(long all, long allowed, int calls) {}

    /** Five seconds of 2,000 requests a second through four sidecars. */
    private static Counted hot(long tokens) {
        var limit = new Demand("api", new BucketSize(tokens, Duration.ofSeconds(1), tokens, 1), 1);
        var sidecars = sidecars(4);
        for (var request = 0; request < 10_000; request++) {
            sidecars.request(request % 4, request * 500L, List.of(limit), 150 + request % 7 * 50, 100);
        }
        var decisions = sidecars.run();
        return new Counted(
                decisions.size(),
                decisions.stream()
                        .filter(decision -> decision.taken().allowed())
                        .count(),
                sidecars.calls());
    }

    private static List<Demand> limits(List<BucketSize> sizes) {
        return IntStream.range(0, sizes.size())
                .mapToObj(index -> new Demand(
                        "limit-" + index, sizes.get(index), sizes.get(index).largestCost()))
                .toList();
    }

    @Provide
    Arbitrary<List<BucketSize>> sizes() {
        var tokens = Arbitraries.of(1L, 7L, 100L, 999L, 5000L);
        var periods = Arbitraries.of(100L, 1000L, 60_000L);
        var bursts = Arbitraries.of(1L, 10L, 40L, 60L, 333L, 2000L);
        var costs = Arbitraries.of(1L, 1L, 2L, 3L);
        return Combinators.combine(tokens, periods, bursts, costs)
                .as((count, period, burst, cost) ->
                        new BucketSize(count, Duration.ofMillis(period), burst, Math.min(cost, burst)))
                .list();
    }

    @Provide
    Arbitrary<List<Request>> busy() {
        var pauses = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(0L)),
                Tuple.of(12, Arbitraries.longs().between(1, 3000)),
                Tuple.of(1, Arbitraries.longs().between(1, 400_000)));
        var delays = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.longs().between(0, 2000)),
                Tuple.of(1, Arbitraries.longs().between(0, 60_000)));
        return Combinators.combine(
                        pauses, Arbitraries.integers().between(0, 3), Arbitraries.of(1, 2, 3, 3), delays, delays)
                .as(Request::new)
                .list();
    }
}
