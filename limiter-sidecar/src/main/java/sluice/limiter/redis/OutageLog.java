package sluice.limiter.redis;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that Redis is out and back, at most once in five minutes however often it goes. */
final class OutageLog {

    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(5).toNanos();

    private final String secret;
    private final LongSupplier nanoTime;
    private long warnedAt;
    private boolean warnedBefore;
    private boolean told;

    OutageLog(String secret, LongSupplier nanoTime) {
        this.secret = secret;
        this.nanoTime = nanoTime;
    }

    void out(FailureReason reason) {
        var now = nanoTime.getAsLong();
        if (!warnedBefore || now - warnedAt >= QUIET_NANOS) {
            warnedBefore = true;
            told = true;
            warnedAt = now;
            LOG.warn(
                    "Redis of secret {} cannot decide ({}): limits are kept in memory, each replica with its share",
                    secret,
                    reason.label());
        }
    }

    void back() {
        if (told) {
            told = false;
            LOG.info("Redis of secret {} decides again", secret);
        }
    }
}
