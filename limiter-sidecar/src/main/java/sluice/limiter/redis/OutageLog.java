package sluice.limiter.redis;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.NOPLogger;

/**
 * Says that Redis is out and back: a warning at most every five minutes while it is out, and for each reason, however often it goes. Answers that come too
 * late are an outage only when they still do a second later: a pause of the machine must not use up the warning of the outage that
 * follows it. An outage that was warned of before is told without a warning once it lasts, for else the last word would be that all is
 * well.
 */
final class OutageLog {

    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(5).toNanos();
    private static final long LATE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LASTING_NANOS = Duration.ofSeconds(10).toNanos();

    private final Logger log;
    private final String secret;
    private final LongSupplier nanoTime;
    private long outSince;
    private boolean out;
    private final Map<FailureReason, Long> warnedAt = new EnumMap<>(FailureReason.class);
    private final Map<FailureReason, Long> toldAt = new EnumMap<>(FailureReason.class);
    private long lastWarning;
    /** In this outage, as is the next. */
    private boolean warned;

    private boolean told;

    OutageLog(String secret, LongSupplier nanoTime) {
        this(LOG, secret, nanoTime);
    }

    private OutageLog(Logger log, String secret, LongSupplier nanoTime) {
        this.log = log;
        this.secret = secret;
        this.nanoTime = nanoTime;
    }

    /** Keeps to itself what it hears. */
    static OutageLog silent(LongSupplier nanoTime) {
        return new OutageLog(NOPLogger.NOP_LOGGER, "", nanoTime);
    }

    void out(FailureReason reason) {
        var now = nanoTime.getAsLong();
        if (!out) {
            out = true;
            outSince = now;
        }
        if (reason == FailureReason.TIMEOUT && now - outSince < LATE_NANOS) {
            return;
        }
        var mayWarn = !warned || now - lastWarning >= QUIET_NANOS;
        if (mayWarn && isDue(warnedAt, reason, now)) {
            warned = true;
            lastWarning = now;
            warnedAt.put(reason, now);
            tell(Level.WARN, reason, now);
        } else if (warned && isDue(toldAt, reason, now)) {
            // Whoever was woken by an outage is told how it goes on, and not woken again.
            tell(Level.INFO, reason, now);
        } else if (!told && now - outSince >= LASTING_NANOS) {
            told = true;
            log.info("Redis of secret {} is out again ({})", secret, reason.label());
        }
    }

    private static boolean isDue(Map<FailureReason, Long> last, FailureReason reason, long now) {
        var before = last.get(reason);
        return before == null || now - before >= QUIET_NANOS;
    }

    private void tell(Level level, FailureReason reason, long now) {
        toldAt.put(reason, now);
        told = true;
        log.atLevel(level)
                .log(
                        "Redis of secret {} cannot decide ({}): limits are kept in memory, each replica with its share{}",
                        secret,
                        reason.label(),
                        reason.remedy());
    }

    void back() {
        out = false;
        warned = false;
        if (told) {
            told = false;
            log.info("Redis of secret {} decides again", secret);
        }
    }
}
