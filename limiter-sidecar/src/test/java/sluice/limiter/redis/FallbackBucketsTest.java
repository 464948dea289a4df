package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.caller;
import static sluice.limiter.redis.BackendFixture.demand;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.BucketSize;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

class FallbackBucketsTest {

    private static final int SAME_CONNECTION = 1;
    private static final int NEXT_CONNECTION = 2;

    private final AtomicLong nanos = new AtomicLong();
    private final FallbackBuckets fallback = new FallbackBuckets(nanos::get);

    private static Demand perHour(long burst) {
        return demand("api", 10, Duration.ofHours(1), burst);
    }

    private long allowed(Demand demand, int replicas, int requests) {
        return IntStream.range(0, requests)
                .filter(request -> fallback.take(caller("alice"), List.of(demand), replicas)
                        .allowed())
                .count();
    }

    private long known(Demand demand, int replicas, int connection) {
        return known(fallback, demand, replicas, connection);
    }

    private static long known(FallbackBuckets buckets, Demand demand, int replicas, int connection) {
        var known = buckets.known(caller("alice"), List.of(demand), replicas, connection)[0];
        return known == TakeScript.UNKNOWN ? known : known / demand.size().periodMicros();
    }

    private static BucketLevel level(Demand demand, long remaining) {
        return new BucketLevel(
                remaining,
                (demand.size().burst() - remaining)
                        * demand.size().periodMicros()
                        / demand.size().tokens(),
                0);
    }

    private Inquiry inquiry(Demand demand) {
        return new Inquiry(caller("alice"), List.of(demand), nanos.get(), SAME_CONNECTION, Optional.empty());
    }

    private void redisSays(Demand demand, long remaining) {
        var taken = new Taken(Backend.REDIS, true, List.of(level(demand, remaining)));
        fallback.settle(inquiry(demand), taken, 1);
    }

    @Test
    void eachReplicaGivesItsShareAndAtLeastOne() {
        assertThat(allowed(perHour(10), 4, 20)).isEqualTo(2);
        assertThat(allowed(demand("tiny", 10, Duration.ofHours(1), 1), 4, 20)).isEqualTo(1);
    }

    /** A share is as large as the dearest request, and as slow as the replicas are many. */
    @Test
    void keepsABucketThatTakesLongerToFillThanAClockCanCount() {
        var year = new BucketSize(1, Duration.ofDays(366), 284, 284);
        assertThat(allowed(new Demand("yearly", year, 284), 2, 20)).isEqualTo(1);
    }

    @Test
    void startsFromWhatRedisLastSaid() {
        redisSays(perHour(10), 3);
        assertThat(allowed(perHour(10), 2, 20)).isEqualTo(2);

        redisSays(perHour(10), 0);
        assertThat(allowed(perHour(10), 2, 20)).isZero();
    }

    @Property
    void oneLateAnswerCostsOneToken(
            @ForAll @IntRange(min = 1, max = 200) int burst,
            @ForAll @IntRange(min = 1, max = 20) int replicas,
            @ForAll @IntRange(max = 200) int left) {
        var demand = perHour(burst);
        var before = Math.min(left, burst);
        var fresh = new FallbackBuckets(nanos::get);
        fresh.settle(inquiry(demand), new Taken(Backend.REDIS, true, List.of(level(demand, before))), 1);

        // Redis takes one, and says so too late.
        var allowed = fresh.take(caller("alice"), List.of(demand), replicas).allowed();
        var inRedis = Math.max(0, before - 1);

        assertThat(allowed).isEqualTo(before > 0);
        assertThat(known(fresh, demand, replicas, SAME_CONNECTION)).isGreaterThanOrEqualTo(inRedis);
    }

    @Property
    void anEmptyRedisIsNeverTakenForAFreshBurst(
            @ForAll @IntRange(min = 1, max = 200) int burst,
            @ForAll @IntRange(min = 1, max = 20) int replicas,
            @ForAll @IntRange(min = 1, max = 400) int requests) {
        var demand = perHour(burst);
        var fresh = new FallbackBuckets(nanos::get);
        var used = IntStream.range(0, requests)
                .filter(request ->
                        fresh.take(caller("alice"), List.of(demand), replicas).allowed())
                .count();

        var known = known(fresh, demand, replicas, NEXT_CONNECTION);

        // What all replicas gave together, if they gave as much as this one, and what Redis may still give.
        assertThat(known).isBetween(0L, burst - 1L);
        assertThat(used * replicas + known).isLessThanOrEqualTo(burst - 1L + replicas);
    }

    @Test
    void aShareHoldsTheDearestRequest() {
        var dear = new Demand("api", new BucketSize(10, Duration.ofHours(1), 10, 8), 8);

        assertThat(allowed(dear, 4, 3)).isOne();
    }

    @Test
    void whatAnotherTierUsedUpIsGone() {
        var base = new Demand("api", new BucketSize(60, Duration.ofHours(1), 10, 1), 1);
        var gold = new Demand("api", new BucketSize(600, Duration.ofHours(1), 1000, 1), 1);
        assertThat(allowed(base, 1, 20)).isEqualTo(10);

        assertThat(known(gold, 1, SAME_CONNECTION)).isZero();
        assertThat(allowed(gold, 1, 20)).isZero();
    }

    @Test
    void anotherConnectionIsToldWhatTheLastOneSaid() {
        redisSays(perHour(10), 3);

        assertThat(known(perHour(10), 2, SAME_CONNECTION)).isEqualTo(TakeScript.UNKNOWN);
        assertThat(known(perHour(10), 2, NEXT_CONNECTION)).isEqualTo(3);
        // Refilled since: a token every six minutes.
        nanos.addAndGet(Duration.ofMinutes(12).toNanos());
        assertThat(known(perHour(10), 2, NEXT_CONNECTION)).isEqualTo(5);
        // Or less, by what has been given since.
        assertThat(allowed(perHour(10), 2, 3)).isEqualTo(3);
        assertThat(known(perHour(10), 2, NEXT_CONNECTION)).isOne();
    }

    @Test
    void tellsWhatItKnowsInTheOrderOfTheDemands() {
        var other = demand("other", 10, Duration.ofHours(1), 20);
        redisSays(perHour(10), 3);
        redisSays(other, 7);
        var unknown = demand("unknown", 10, Duration.ofHours(1), 10);

        var demands = List.of(other, unknown, perHour(10));
        var hour = other.size().periodMicros();

        assertThat(fallback.known(caller("alice"), demands, 2, NEXT_CONNECTION))
                .containsExactly(7 * hour, TakeScript.UNKNOWN, 3 * hour);
        assertThat(fallback.known(caller("alice"), List.of(), 2, NEXT_CONNECTION))
                .isEmpty();
    }
}
