package sluice.limiter.identity;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How much of an event loop's time may go into signatures, so that a flood of forged tokens cannot stop it. Belongs to that loop. */
final class VerificationBudget {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long PER_SECOND = Duration.ofMillis(200).toNanos();

    /** What one token is charged at most: a pause of the process is not the token's doing. */
    private static final long MOST_PER_TOKEN = Duration.ofMillis(5).toNanos();

    private final LongSupplier nanos;
    private long secondBegan;
    private long spent;

    /** Takes a clock like {@code System.nanoTime()}. */
    VerificationBudget(LongSupplier nanos) {
        this.nanos = nanos;
        this.secondBegan = nanos.getAsLong();
    }

    /** The time now, in nanoseconds. */
    long now() {
        return nanos.getAsLong();
    }

    /** True while a signature may still be checked in this second. */
    boolean isLeft() {
        var now = now();
        if (now - secondBegan >= SECOND) {
            secondBegan = now;
            spent = 0;
        }
        return spent < PER_SECOND;
    }

    void spentSince(long began) {
        spent += Math.min(now() - began, MOST_PER_TOKEN);
    }
}
