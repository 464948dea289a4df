package sluice.limiter.identity;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much of an event loop's time may go into signatures, so that a flood of forged tokens cannot stop it. Sound ones, which no stranger
 * can make, may take more of it: many users may come at once. Belongs to that loop,
 * whatever the rules of its tokens are.
 */
public final class VerificationBudget {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long PER_SECOND = Duration.ofMillis(600).toNanos();
    private static final long OF_REFUSED_PER_SECOND = Duration.ofMillis(200).toNanos();

    /** What one token is charged at most: a pause of the process is not the token's doing. */
    private static final long MOST_PER_TOKEN = Duration.ofMillis(5).toNanos();

    private final LongSupplier nanos;
    private long secondBegan;
    private long spent;
    private long spentOnRefused;

    /** Takes a clock like {@code System.nanoTime()}. */
    public VerificationBudget(LongSupplier nanos) {
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
            spentOnRefused = 0;
        }
        return spent < PER_SECOND && spentOnRefused < OF_REFUSED_PER_SECOND;
    }

    /** Charges the time since {@code began} for a token, whose signature was right unless it was {@code refused}. */
    void spentSince(long began, boolean refused) {
        var taken = Math.min(now() - began, MOST_PER_TOKEN);
        spent += taken;
        if (refused) {
            spentOnRefused += taken;
        }
    }
}
