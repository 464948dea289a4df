package sluice.e2e.story;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import sluice.e2e.rollout.StoryBrokenException;

/** Waits for conditions, never for time. */
public final class Patience {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private Patience() {}

    /**
     * Returns as soon as the condition holds.
     *
     * @param what the condition in words, for the message when it does not come true
     */
    public static void until(String what, Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new StoryBrokenException("waited %ds for: %s".formatted(atMost.toSeconds(), what));
            }
            pause(what);
        }
    }

    private static void pause(String what) {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryBrokenException("interrupted while waiting for: " + what);
        }
    }
}
