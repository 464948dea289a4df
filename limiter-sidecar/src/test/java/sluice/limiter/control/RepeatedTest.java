package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RepeatedTest {

    @Test
    void aTaskThatThrowsIsRunAgain() {
        var runs = new AtomicInteger();
        var failing = new Repeated("It failed", () -> {
            throw new IllegalStateException("run " + runs.incrementAndGet());
        });
        try (var schedule = Executors.newSingleThreadScheduledExecutor()) {
            var _ = schedule.scheduleWithFixedDelay(failing, 0, 1, TimeUnit.MILLISECONDS);
            await().atMost(Duration.ofSeconds(20)).until(() -> runs.get() > 2);
            schedule.shutdownNow();
        }
    }

    @Test
    void whatTheTaskThrowsGoesNoFurther() {
        assertThatCode(new Repeated("It failed", () -> {
                    throw new IllegalStateException();
                })::run)
                .doesNotThrowAnyException();
    }
}
