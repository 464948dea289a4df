package sluice.limiter.control;

import java.util.function.LongSupplier;
import sluice.limiter.config.LimiterConfig;

/**
 * The proof that the operator is watching: the candidate arm is used only while the last heartbeat is younger than the configuration's
 * dead-man switch, by the monotonic clock. A sidecar that has heard none yet has no proof.
 */
final class Lease {

    private final LongSupplier nanoTime;
    private volatile long renewedAt;
    private volatile boolean renewedBefore;

    Lease(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void renew() {
        renewedAt = nanoTime.getAsLong();
        renewedBefore = true;
    }

    /** There is no proof until the next renewal. */
    void drop() {
        renewedBefore = false;
    }

    boolean isLost(LimiterConfig config) {
        return config.needsLease()
                && config.deadManSwitch()
                        .filter(limit -> renewedBefore && nanoTime.getAsLong() - renewedAt <= limit.toNanos())
                        .isEmpty();
    }
}
