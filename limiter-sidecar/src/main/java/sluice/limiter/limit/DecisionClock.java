package sluice.limiter.limit;

import io.github.bucket4j.TimeMeter;
import java.util.function.LongSupplier;

/** One time for a whole decision, in whole microseconds as the Redis script has it. */
final class DecisionClock implements TimeMeter {

    private final LongSupplier nanoTime;
    private long now;

    DecisionClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        tick();
    }

    /** A decision begins. */
    void tick() {
        now = nanoTime.getAsLong() / 1000 * 1000;
    }

    /** Does something as of an earlier time. */
    void asOf(long earlier, Runnable work) {
        var present = now;
        now = earlier;
        try {
            work.run();
        } finally {
            now = present;
        }
    }

    @Override
    public long currentTimeNanos() {
        return now;
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
