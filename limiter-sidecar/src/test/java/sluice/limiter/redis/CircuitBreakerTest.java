package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final CircuitBreaker breaker = new CircuitBreaker(nanos::get);

    private void pass(long millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    private void open() {
        breaker.failed();
        breaker.failed();
        pass(50);
        assertThat(breaker.failed()).isTrue();
    }

    @Test
    void admitsWhileAllIsWell() {
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void aBurstOfFailuresAtOneMomentIsNoOutage() {
        for (var failure = 0; failure < 100; failure++) {
            assertThat(breaker.failed()).isFalse();
        }
        assertThat(breaker.admits()).isTrue();
    }

    @Test
    void opensWhenFailuresGoOn() {
        open();

        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.admits()).isFalse();
    }

    @Test
    void opensWithinASecondWhenRequestsAreRare() {
        assertThat(breaker.failed()).isFalse();
        pass(900);
        assertThat(breaker.failed()).isTrue();
    }

    @Test
    void forgetsWhatNobodyHasAskedAboutForAMinute() {
        open();
        pass(60_000);
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.forgets()).isFalse();
        breaker.failed();
        assertThat(breaker.forgets()).isFalse();
        assertThat(breaker.isOpen()).isTrue();

        pass(62_000);
        assertThat(breaker.forgets()).isTrue();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.forgets()).isFalse();
    }

    @Test
    void forgetsAtMostOnceWhileRareRequestsFail() {
        open();
        pass(90_000);
        assertThat(breaker.forgets()).isTrue();
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.failed()).isTrue();

        for (var request = 0; request < 10; request++) {
            pass(90_000);
            assertThat(breaker.forgets()).isFalse();
            assertThat(breaker.admits()).isTrue();
            breaker.failed();
        }
        pass(122_000);
        assertThat(breaker.forgets()).isTrue();
    }

    @Test
    void anAnswerEndsWhatWasOnlyForgotten() {
        open();
        pass(62_000);
        assertThat(breaker.forgets()).isTrue();
        breaker.succeeded();

        assertThat(breaker.failed()).isFalse();
        breaker.succeeded();
        open();
        pass(62_000);
        assertThat(breaker.forgets()).isTrue();
    }

    @Test
    void remembersForAnHourAtMost() {
        open();
        for (var outage = 0; outage < 100; outage++) {
            pass(3_602_000);
            assertThat(breaker.forgets()).isTrue();
            assertThat(breaker.failed()).isTrue();
        }
    }

    @Test
    void aSuccessForgetsTheFailuresBefore() {
        breaker.failed();
        breaker.failed();
        breaker.succeeded();
        pass(1000);

        assertThat(breaker.failed()).isFalse();
    }

    @Test
    void triesAgainWithOneRequestAtATime() {
        open();
        pass(200);

        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.admits()).isFalse();

        breaker.succeeded();
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void waitsLongerAfterEveryFailedTryButNeverLong() {
        open();
        for (var attempt = 0; attempt < 10; attempt++) {
            pass(1500);
            assertThat(breaker.admits()).isTrue();
            breaker.failed();
            assertThat(breaker.admits()).isFalse();
        }
        pass(700);
        assertThat(breaker.admits()).isFalse();
    }

    @Test
    void aSignOfLifeIsFollowedAtOnce() {
        open();
        breaker.probeSoon();

        assertThat(breaker.admits()).isTrue();
    }
}
