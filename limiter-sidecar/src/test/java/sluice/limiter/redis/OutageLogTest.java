package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageLogTest {

    private final AtomicLong nanos = new AtomicLong();
    private final OutageLog log = new OutageLog("redis-limiter", nanos::get);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger().addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(lines);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(OutageLog.class);
    }

    private List<Level> levels() {
        return lines.list.stream().map(ILoggingEvent::getLevel).toList();
    }

    @Test
    void warnsOnceInFiveMinutesHoweverOftenRedisGoes() {
        for (var second = 0; second < 299; second++) {
            log.out(FailureReason.DISCONNECTED);
            log.back();
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(levels()).containsExactly(Level.WARN, Level.INFO);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        log.out(FailureReason.DISCONNECTED);
        assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.WARN);
    }

    private List<String> told() {
        return lines.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }

    @Test
    void warnsOfEachReasonHoweverSoonItFollowsAnother() {
        log.out(FailureReason.OUT_OF_MEMORY);
        log.back();
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        for (var attempt = 0; attempt < 3; attempt++) {
            log.out(FailureReason.AUTH);
        }

        assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.WARN);
        assertThat(told().getLast()).contains("cannot decide (auth)");
    }

    @Test
    void warnsOnceInAnOutageAndTellsEachFurtherReasonOnce() {
        for (var attempt = 0; attempt < 3; attempt++) {
            log.out(FailureReason.DISCONNECTED);
            log.out(FailureReason.AUTH);
        }
        log.back();

        assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.INFO);
        assertThat(told().get(1)).contains("cannot decide (auth)");
    }

    @Test
    void anOutageThatLastsIsWarnedOfInItsTurnWhateverWasToldOfIt() {
        log.out(FailureReason.DISCONNECTED);
        log.back();
        for (var second = 0; second <= 301; second++) {
            log.out(FailureReason.DISCONNECTED);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.INFO, Level.WARN);
    }

    @Test
    void anOutageThatDoesNotEndIsWarnedOfEveryFiveMinutes() {
        for (var second = 0; second < 15 * 60; second++) {
            log.out(FailureReason.DISCONNECTED);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(levels()).containsExactly(Level.WARN, Level.WARN, Level.WARN);
    }

    @Test
    void aReasonThatWasOnlyToldIsStillToBeWarnedOf() {
        log.out(FailureReason.DISCONNECTED);
        log.out(FailureReason.AUTH);
        log.back();
        log.out(FailureReason.AUTH);
        assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.INFO, Level.WARN);
        assertThat(told().getLast()).contains("cannot decide (auth)");
    }

    @Test
    void itsLastWordIsNeverThatAllIsWellWhenRedisStaysOut() {
        log.out(FailureReason.DISCONNECTED);
        log.back();
        for (var second = 0; second < 60; second++) {
            log.out(FailureReason.DISCONNECTED);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(told().getLast()).isEqualTo("INFO Redis of secret redis-limiter is out again (disconnected)");
        log.back();

        assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.INFO, Level.INFO);
        assertThat(told().getLast()).endsWith("decides again");
    }

    @Test
    void lateAnswersUseUpNoWarningUnlessTheyLast() {
        log.out(FailureReason.TIMEOUT);
        nanos.addAndGet(Duration.ofMillis(999).toNanos());
        log.out(FailureReason.TIMEOUT);
        log.back();
        assertThat(levels()).isEmpty();

        log.out(FailureReason.TIMEOUT);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        log.out(FailureReason.TIMEOUT);
        assertThat(levels()).containsExactly(Level.WARN);
    }

    @Test
    void saysThatRedisIsReplacedByMemoryAndWhy() {
        log.out(FailureReason.READONLY);

        assertThat(lines.list.getFirst().getFormattedMessage())
                .contains("Redis")
                .contains("memory")
                .contains("readonly");
    }

    @Test
    void saysWhatToMendWhenTheCertificatesDoNotFit() {
        log.out(FailureReason.TLS);

        assertThat(told())
                .singleElement()
                .asString()
                .startsWith("WARN ")
                .contains("(tls)", "host in the Secret", "ca.crt", "tls.crt");
    }
}
