package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.caller;
import static sluice.limiter.redis.BackendFixture.demand;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

class LastKnownLevelsTest {

    private static final Demand API = demand("api", 10, Duration.ofSeconds(10), 10);
    private static final Demand LOGIN = demand("login", 10, Duration.ofSeconds(10), 10);
    private static final int CONFIGURATION = 1;
    private static final long SECOND = 1_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final LastKnownLevels levels = new LastKnownLevels(nanos::get);

    private static Demand costing(long cost) {
        return new Demand("api", API.size(), cost);
    }

    /** Redis says when the bucket will be full. */
    private void redisSays(String user, Demand demand, long resetMicros) {
        var inquiry = new Inquiry(caller(user), List.of(demand), nanos.get(), 1, Optional.empty());
        levels.remember(
                inquiry, new Taken(Backend.REDIS, true, List.of(new BucketLevel(0, resetMicros, 0))), CONFIGURATION);
    }

    private Optional<Taken> rejection(Demand... demands) {
        return levels.rejection(caller("alice"), List.of(demands), CONFIGURATION);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aBucketIsEmptyUntilItCanHaveAToken() {
        redisSays("alice", API, 10 * SECOND);

        assertThat(rejection(API))
                .contains(new Taken(Backend.REDIS, false, List.of(new BucketLevel(0, 10 * SECOND, SECOND))));
        pass(Duration.ofNanos(999_999_999));
        assertThat(rejection(API)).isEmpty();
        pass(Duration.ofMillis(-1));
        assertThat(rejection(API))
                .contains(new Taken(Backend.REDIS, false, List.of(new BucketLevel(0, 9_001_000, 1000))));
    }

    @Test
    void aDearerRequestWaitsLongerAndACheaperOneIsForRedisToDecide() {
        redisSays("alice", costing(3), 8 * SECOND);

        assertThat(rejection(costing(2))).isEmpty();
        assertThat(rejection(costing(3)).orElseThrow().levels().getFirst().retryMicros())
                .isEqualTo(SECOND);
        assertThat(rejection(costing(5)).orElseThrow().levels().getFirst().retryMicros())
                .isEqualTo(3 * SECOND);
    }

    @Test
    void oneEmptyBucketIsEnoughAndNothingIsPromisedOfTheOthers() {
        redisSays("alice", LOGIN, 10 * SECOND);

        assertThat(rejection(API, LOGIN))
                .contains(new Taken(
                        Backend.REDIS,
                        false,
                        List.of(new BucketLevel(0, 0, 0), new BucketLevel(0, 10 * SECOND, SECOND))));
        assertThat(rejection(API)).isEmpty();
    }

    @Test
    void nobodyElseIsRejected() {
        redisSays("bob", API, 10 * SECOND);

        assertThat(rejection(API)).isEmpty();
    }

    @Test
    void aChangedConfigurationForgets() {
        redisSays("alice", API, 10 * SECOND);

        assertThat(levels.rejection(caller("alice"), List.of(API), CONFIGURATION + 1))
                .isEmpty();
    }

    @Test
    void aCallerOfAnotherTierIsForRedisToDecide() {
        redisSays("alice", API, 10 * SECOND);

        assertThat(rejection(demand("api", 1000, Duration.ofSeconds(10), 1000))).isEmpty();
    }

    @Test
    void whatWasSavedIsKeptByABucketOfAnotherSize() {
        // Four tokens; a second later five.
        redisSays("alice", API, 6 * SECOND);
        pass(Duration.ofSeconds(1));

        assertThat(levels.tokens(caller("alice"), demand("api", 1, Duration.ofHours(1), 100)))
                .contains(5L);
        assertThat(levels.most(caller("alice"), demand("api", 1, Duration.ofHours(1), 100), 2))
                .contains(5 * 3600 * SECOND);
        assertThat(levels.tokens(caller("alice"), demand("api", 1, Duration.ofHours(1), 2)))
                .contains(2L);
    }

    @Test
    void aBucketMayHaveBeenOfAFasterSizeSinceRedisWasAsked() {
        var tight = demand("api", 1, Duration.ofHours(1), 1);
        redisSays("alice", tight, 3600 * SECOND);
        pass(Duration.ofSeconds(3));

        assertThat(levels.tokens(caller("alice"), API)).contains(3L);
        pass(Duration.ofSeconds(30));
        assertThat(levels.tokens(caller("alice"), API)).contains(10L);
        assertThat(levels.tokens(caller("alice"), tight)).contains(0L);
    }

    @Test
    void remembersABoundedNumber() {
        for (var user = 0; user < 100_000; user++) {
            redisSays("user-" + user, API, 10 * SECOND);
        }

        assertThat(levels.size()).isEqualTo(20_000);
    }
}
