package sluice.limiter.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Delays that double, each between half and the whole of its step, so that many pods do not come at once. */
public final class Backoff {

    private final long first;
    private final long most;
    private long step;

    public Backoff(Duration first, Duration most) {
        this.first = first.toMillis();
        this.most = most.toMillis();
        this.step = this.first;
    }

    public Duration next() {
        var now = step;
        step = Math.min(most, step * 2);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(now / 2, now + 1));
    }

    public void reset() {
        step = first;
    }
}
