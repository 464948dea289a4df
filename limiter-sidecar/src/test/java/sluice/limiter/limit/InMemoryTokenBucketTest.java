package sluice.limiter.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.limit.LimitFixture.demand;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.BucketSize;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;

class InMemoryTokenBucketTest {

    private static final Demand API = demand("api", 10, Duration.ofSeconds(10), 5);

    private final AtomicLong nanos = new AtomicLong(-1_000_000_000);
    private final InMemoryTokenBucket buckets = new InMemoryTokenBucket(nanos::get, 100);

    private static CallerKey caller(String user) {
        return CallerKey.of("uid", "user:" + user);
    }

    private Taken take(String user, Demand... limits) {
        return buckets.takeNow(caller(user), List.of(limits));
    }

    private long allowed(String user, int requests, Demand... limits) {
        return IntStream.range(0, requests)
                .mapToObj(request -> take(user, limits))
                .filter(Taken::allowed)
                .count();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void givesTheBurstAndThenTheRate() {
        assertThat(allowed("alice", 20, API)).isEqualTo(5);
        pass(Duration.ofSeconds(2));
        assertThat(allowed("alice", 20, API)).isEqualTo(2);
    }

    @Test
    void saysWhenATokenIsThereAndWhenAllAre() {
        allowed("alice", 5, API);
        pass(Duration.ofMillis(250));

        assertThat(take("alice", API).levels()).containsExactly(new BucketLevel(0, 4_750_000, 750_000));
    }

    @Test
    void aWaitOfLessThanAMicrosecondIsAWait() {
        var fast = demand("api", 10_000_000, Duration.ofSeconds(1), 5);
        allowed("alice", 5, fast);

        assertThat(take("alice", fast).levels()).containsExactly(new BucketLevel(0, 0, 1));
    }

    @Test
    void countsEveryCallerAlone() {
        assertThat(allowed("alice", 20, API)).isEqualTo(5);
        assertThat(allowed("bob", 20, API)).isEqualTo(5);
    }

    @Test
    void aChangedLimitGrantsNoFreshBurst() {
        allowed("alice", 4, API);

        assertThat(allowed("alice", 20, demand("api", 10, Duration.ofSeconds(10), 100)))
                .isEqualTo(1);
    }

    @Test
    void whoHasWaitedIsNotRejectedBecauseALimitHasBecomeWider() {
        var tight = demand("api", 1, Duration.ofHours(1), 1);
        allowed("alice", 2, tight);
        pass(Duration.ofSeconds(3));

        assertThat(allowed("alice", 20, API)).isEqualTo(3);
    }

    @Test
    void aNarrowerLimitLeavesWhatWasSaved() {
        allowed("alice", 5, API);
        pass(Duration.ofSeconds(3));

        assertThat(allowed("alice", 20, demand("api", 1, Duration.ofHours(1), 5)))
                .isEqualTo(3);
    }

    @Test
    void aSmallerBurstHoldsAtOnce() {
        take("alice", API);

        assertThat(allowed("alice", 20, demand("api", 10, Duration.ofSeconds(10), 2)))
                .isEqualTo(2);
    }

    private static Demand costing(long cost, BucketSize size) {
        return new Demand("api", size, cost);
    }

    @Test
    void takesTheWholeCostOrNothing() {
        var size = new BucketSize(10, Duration.ofSeconds(10), 5, 4);

        assertThat(take("alice", costing(3, size)).levels()).containsExactly(new BucketLevel(2, 3_000_000, 0));
        assertThat(take("alice", costing(4, size)))
                .isEqualTo(new Taken(Backend.MEMORY, false, List.of(new BucketLevel(2, 3_000_000, 2_000_000))));
        assertThat(take("alice", costing(2, size)).allowed()).isTrue();
    }

    @Test
    void ofSeveralBucketsNoneGivesWhenOneCannotPay() {
        var other = new Demand("other", new BucketSize(10, Duration.ofSeconds(10), 5, 4), 4);
        take("alice", other);

        var rejected = take("alice", API, other);

        assertThat(rejected.allowed()).isFalse();
        assertThat(rejected.levels())
                .containsExactly(new BucketLevel(5, 0, 0), new BucketLevel(1, 4_000_000, 3_000_000));
    }

    @Test
    void aBucketThatNothingWasTakenFromIsFullAtEverySize() {
        var empty = demand("empty", 1, Duration.ofHours(1), 1);
        take("alice", empty);

        assertThat(take("alice", API, empty).allowed()).isFalse();
        assertThat(allowed("alice", 20, demand("api", 10, Duration.ofSeconds(10), 9)))
                .isEqualTo(9);
    }

    @Property(tries = 200)
    void whoChangesTiersNeverGetsMoreThanTheLargestWouldGive(
            @ForAll @Size(max = 100) List<@IntRange(max = 3000) Integer> pauses,
            @ForAll @Size(min = 1, max = 7) List<Boolean> turns) {
        var clock = new AtomicLong();
        var fresh = new InMemoryTokenBucket(clock::get, 100);
        var gold = new BucketSize(5, Duration.ofSeconds(1), 40, 3, Duration.ofSeconds(8));
        var base = new BucketSize(2, Duration.ofSeconds(1), 3, 3, gold.refill());
        var given = 0L;

        for (var index = 0; index < pauses.size(); index++) {
            clock.addAndGet(Duration.ofMillis(pauses.get(index)).toNanos());
            var size = turns.get(index % turns.size()) ? gold : base;
            for (var request = 0; request < 30; request++) {
                var cost = 1 + request % 3;
                if (fresh.takeNow(caller("alice"), List.of(costing(cost, size))).allowed()) {
                    given += cost;
                }
            }
        }

        assertThat(given).isLessThanOrEqualTo(40 + clock.get() * 5 / 1_000_000_000);
    }

    @Property
    void neverGivesMoreThanBurstAndRate(
            @ForAll @LongRange(min = 1, max = 50) long tokens,
            @ForAll @LongRange(min = 1, max = 20) long burst,
            @ForAll @Size(max = 100) List<@IntRange(max = 3000) Integer> pauses) {
        var clock = new AtomicLong();
        var fresh = new InMemoryTokenBucket(clock::get, 100);
        var limit = demand("api", tokens, Duration.ofSeconds(10), burst);

        var allowed = pauses.stream()
                .filter(pause -> {
                    clock.addAndGet(Duration.ofMillis(pause).toNanos());
                    return fresh.takeNow(caller("alice"), List.of(limit)).allowed();
                })
                .count();

        assertThat(allowed).isLessThanOrEqualTo(burst + clock.get() * tokens / 10_000_000_000L);
    }

    @Property
    void takesFromAllOrFromNone(@ForAll @Size(max = 40) List<@IntRange(min = 1, max = 3) Integer> choices) {
        var fresh = new InMemoryTokenBucket(() -> 0, 100);
        var limits = List.of(demand("a", 1, Duration.ofHours(1), 4), demand("b", 1, Duration.ofHours(1), 7));
        var left = new long[] {4, 7};

        for (var choice : choices) {
            var asked =
                    IntStream.range(0, 2).filter(i -> (choice >> i & 1) == 1).toArray();
            var possible = IntStream.of(asked).allMatch(i -> left[i] > 0);

            var taken = fresh.takeNow(
                    caller("alice"), IntStream.of(asked).mapToObj(limits::get).toList());

            assertThat(taken.allowed()).isEqualTo(possible);
            if (possible) {
                IntStream.of(asked).forEach(i -> left[i]--);
            }
            assertThat(taken.levels().stream().mapToLong(BucketLevel::remaining))
                    .containsExactly(IntStream.of(asked).mapToObj(i -> left[i]).toArray(Long[]::new));
        }
    }

    @Test
    void staysBoundedAndGivesNobodyAFreshBucketByForgetting() {
        assertThat(allowed("victim", 5, API)).isEqualTo(5);

        var strangers = IntStream.range(0, 10_000)
                .filter(stranger -> take("stranger" + stranger, API).allowed())
                .count();

        assertThat(buckets.size()).isEqualTo(100);
        assertThat(buckets.sharedSize()).isLessThanOrEqualTo(256);
        // 99 own buckets were free; all others shared 256 of five tokens.
        assertThat(strangers).isLessThanOrEqualTo(99 + 256 * 5);
        assertThat(take("victim", API).allowed()).isFalse();
    }

    @Test
    void whoLeavesASharedBucketTakesItsLevelAlong() {
        IntStream.range(0, 100).forEach(stranger -> take("stranger" + stranger, API));
        assertThat(allowed("late", 20, API)).isEqualTo(5);
        pass(Duration.ofMillis(1001));

        // The strangers' buckets are full again and gone; the late one gets its own.
        assertThat(allowed("late", 20, API)).isEqualTo(1);
        assertThat(buckets.size()).isEqualTo(1);
    }

    @Test
    void letsFullBucketsGo() {
        take("alice", API);
        assertThat(buckets.size()).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        pass(Duration.ofMillis(1));

        assertThat(buckets.size()).isZero();
    }
}
