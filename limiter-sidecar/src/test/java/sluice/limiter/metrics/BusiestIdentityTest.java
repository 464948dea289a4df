package sluice.limiter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BusiestIdentityTest {

    private static final Offset<Double> ONE_PERCENT = Offset.offset(0.01);

    private final BusiestIdentity busiest = new BusiestIdentity(0);

    private void tickAt(int seconds) {
        busiest.tick(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void isZeroWithoutRequests() {
        tickAt(1);
        assertThat(busiest.ratio()).isZero();
    }

    @Test
    void isOneForASingleCaller() {
        busiest.seen("ip:a");
        tickAt(1);
        assertThat(busiest.ratio()).isEqualTo(1);
    }

    @Test
    void findsTheBusyOneAmongManyMoreThanItCanHold() {
        for (var i = 0; i < 100_000; i++) {
            busiest.seen(i % 5 == 0 ? "user:busy" : "user:" + i);
        }
        tickAt(1);
        assertThat(busiest.ratio()).isCloseTo(0.2, ONE_PERCENT);
    }

    @Test
    void doesNotTakeManySmallCallersForABigOne() {
        for (var i = 0; i < 100_000; i++) {
            busiest.seen("user:" + i);
        }
        tickAt(1);
        assertThat(busiest.ratio()).isLessThan(0.01);
    }

    @Test
    void addsUpAMinuteAndForgetsWhatIsOlder() {
        for (var second = 0; second < 60; second += 10) {
            tickAt(second);
            busiest.seen("user:a");
            busiest.seen("user:" + second);
        }
        tickAt(59);
        assertThat(busiest.ratio()).isEqualTo(0.5);
        tickAt(200);
        assertThat(busiest.ratio()).isZero();
    }
}
