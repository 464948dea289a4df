package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.caller;
import static sluice.limiter.redis.BackendFixture.demand;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

class LeaseTest {

    private static final Demand API = demand("api", 500, Duration.ofSeconds(1), 500);
    private static final Demand LOGIN = demand("login", 500, Duration.ofSeconds(1), 500);
    private static final long MILLI = 1_000_000;

    private final CallerLeases leases = new CallerLeases();

    private static Inquiry inquiry(Demand... demands) {
        return new Inquiry(caller("alice"), List.of(demands), 0, 1, Optional.empty());
    }

    /** Redis was asked at 0, and leaves this much in each bucket beside what it leases. */
    private void grant(long times, long leftTokens, Demand... demands) {
        assertThat(leases.ask(List.of(demands))).isTrue();
        var left = new BucketLevel(Math.max(0, leftTokens), (500 - leftTokens) * 2000, 0);
        var levels = Stream.of(demands).map(demand -> left).toList();
        leases.granted(inquiry(demands), new TakeScript.Reply(new Taken(Backend.REDIS, true, levels), times), 0);
    }

    private long given(int requests, long now, Demand... demands) {
        return IntStream.range(0, requests)
                .filter(request -> leases.take(List.of(demands), now).isPresent())
                .count();
    }

    @Test
    void givesWhatWasLeasedAndNoMore() {
        grant(25, 400, API);

        assertThat(given(100, MILLI, API)).isEqualTo(25);
    }

    @Test
    void promisesOnlyWhatIsHere() {
        grant(25, 400, API);

        var taken = leases.take(List.of(API), 10 * MILLI).orElseThrow();

        assertThat(taken).isEqualTo(new Taken(Backend.REDIS, true, List.of(new BucketLevel(24, 190_000, 0))));
    }

    @Test
    void givesWhatWasNotThereYetAsItComesIn() {
        // Two were there, and the bucket is 23 below zero.
        grant(25, -23, API);

        assertThat(given(100, 0, API)).isOne();
        assertThat(given(100, MILLI, API)).isOne();
        // A token every two milliseconds.
        assertThat(given(100, 11 * MILLI, API)).isEqualTo(5);
        assertThat(given(100, 199 * MILLI, API)).isEqualTo(18);
    }

    @Test
    void endsAfterAFifthOfASecond() {
        grant(25, 400, API);

        assertThat(given(1, 199 * MILLI, API)).isOne();
        assertThat(given(1, 200 * MILLI, API)).isZero();
    }

    @Test
    void givesNothingUnlessEverythingDemandedIsLeased() {
        grant(25, 400, API);

        assertThat(given(10, 0, API, LOGIN)).isZero();
        assertThat(given(100, MILLI, API)).isEqualTo(25);
    }

    @Test
    void givesACostAsAWhole() {
        var dear = new Demand("api", API.size(), 10);
        grant(2, 400, dear);

        assertThat(given(10, MILLI, dear)).isEqualTo(2);
    }

    @Test
    void isOfOneSizeOnly() {
        grant(25, 400, API);

        assertThat(given(1, MILLI, demand("api", 1000, Duration.ofSeconds(1), 1000)))
                .isZero();
    }

    @Test
    void givesBackWhatIsLeftWhileItMay() {
        grant(25, 400, API);
        given(20, MILLI, API);
        assertThat(leases.end(List.of(LOGIN, API), 249 * MILLI, 1)).containsExactly(0, 5);
        assertThat(given(1, 2 * MILLI, API)).isZero();

        grant(25, 400, API);
        assertThat(leases.end(List.of(API), 250 * MILLI, 1)).containsExactly(0);
    }

    @Test
    void givesNothingBackToAnotherRedis() {
        grant(25, 400, API);

        assertThat(given(1, MILLI, API)).isOne();
        assertThat(leases.end(List.of(API), MILLI, 2)).containsExactly(0);
    }

    @Test
    void isAskedForOnceAtATime() {
        assertThat(leases.ask(List.of(API))).isTrue();
        assertThat(leases.ask(List.of(API))).isFalse();

        leases.lost();
        assertThat(leases.ask(List.of(API))).isTrue();
    }

    @Test
    void isNotAskedForWhenTheBurstIsTooSmall() {
        assertThat(leases.ask(List.of(API, demand("small", 500, Duration.ofSeconds(1), 19))))
                .isFalse();
        assertThat(leases.ask(List.of(new Demand("api", API.size(), 26)))).isFalse();
    }
}
