package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.caller;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sluice.limiter.identity.CallerKey;

class HotCallersTest {

    private final HotCallers hotCallers = new HotCallers();
    // About to overflow, as System.nanoTime() may be.
    private long nanos = Long.MAX_VALUE - 1_000_000;

    /** The requests that found their caller hot. */
    private long hot(CallerKey caller, int requests, Duration between) {
        return IntStream.range(0, requests)
                .filter(request -> {
                    nanos += between.toNanos();
                    return hotCallers.count(caller, nanos).isPresent();
                })
                .count();
    }

    @Test
    void aCallerIsHotWhoComesMoreThanAHundredTimesASecond() {
        assertThat(hot(caller("alice"), 1000, Duration.ofMillis(10))).isZero();
        // Half of what each request adds is gone when the next one comes.
        assertThat(hot(caller("bob"), 1000, Duration.ofMillis(5))).isEqualTo(1000 - 198);
    }

    @Test
    void isCoolAgainWhenItStaysAway() {
        hot(caller("alice"), 1000, Duration.ofMillis(1));
        assertThat(hot(caller("alice"), 1, Duration.ofMillis(500))).isOne();
        assertThat(hot(caller("alice"), 1, Duration.ofMillis(1500))).isZero();
    }

    @Test
    void manyCallersDoNotPushAHotOneOut() {
        for (var stranger = 0; stranger < 100_000; stranger++) {
            hot(caller("stranger-" + stranger), 1, Duration.ofNanos(100_000));
            hot(caller("alice"), 1, Duration.ofNanos(100_000));
        }

        assertThat(hot(caller("alice"), 1, Duration.ZERO)).isOne();
    }

    @Test
    void whatACallerHasLeasedIsNobodyElses() {
        hot(caller("alice"), 200, Duration.ZERO);
        hot(caller("bob"), 200, Duration.ZERO);

        assertThat(hotCallers.count(caller("alice"), nanos))
                .isPresent()
                .isEqualTo(hotCallers.count(caller("alice"), nanos));
        assertThat(hotCallers.count(caller("bob"), nanos)).isNotEqualTo(hotCallers.count(caller("alice"), nanos));
    }
}
