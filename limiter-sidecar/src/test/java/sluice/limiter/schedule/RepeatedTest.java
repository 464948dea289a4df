package sluice.limiter.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

    private static Repeated throwing(Throwable problem) {
        return new Repeated("It failed", () -> throwIt(problem));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwIt(Throwable problem) throws T {
        throw (T) problem;
    }

    @Test
    void whatTheTaskThrowsGoesNoFurther() {
        assertThatCode(throwing(new IllegalStateException())::run).doesNotThrowAnyException();
        assertThatCode(throwing(new StackOverflowError())::run).doesNotThrowAnyException();
        assertThatCode(throwing(new NoClassDefFoundError("x"))::run).doesNotThrowAnyException();
        assertThatCode(throwing(new AssertionError("x"))::run).doesNotThrowAnyException();
    }

    @Test
    void whatTheJvmCannotGoOnWithGoesOn() {
        assertThatThrownBy(throwing(new OutOfMemoryError("x"))::run).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(throwing(new InternalError("x"))::run).isInstanceOf(InternalError.class);
    }

    @Test
    void logsAProblemOnceUntilItIsOver() {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger(Repeated.class);
        logger.addAppender(lines);
        var problems = new ArrayDeque<>(List.of("a", "a", "b", "", "b"));
        var task = new Repeated("It failed", () -> {
            if (!problems.getFirst().isEmpty()) {
                throw new AssertionError(problems.getFirst());
            }
        });
        while (!problems.isEmpty()) {
            task.run();
            problems.removeFirst();
        }
        logger.detachAppender(lines);

        assertThat(lines.list)
                .extracting(line -> line.getThrowableProxy().getMessage())
                .containsExactly("a", "b", "b");
    }
}
