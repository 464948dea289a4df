package sluice.limiter.redis;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Stops asking Redis when it keeps failing, and tries again with single requests at growing, jittered intervals. It opens when at
 * least three requests in a row have failed over at least 50 ms: a burst caught by one pause is no outage, and a second of failures is.
 */
final class CircuitBreaker {

    private static final int FAILURES = 3;
    private static final long SPAN_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LONG_SPAN_NANOS = Duration.ofMillis(500).toNanos();
    private static final long MEMORY_NANOS = Duration.ofMinutes(1).toNanos();

    private enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    private final LongSupplier nanoTime;
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofMillis(1500));
    private State state = State.CLOSED;
    private int failures;
    private long firstFailureAt;
    private long probeAt;

    CircuitBreaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** True when a request may go to Redis; every true is to be followed by {@link #succeeded} or {@link #failed}. */
    boolean admits() {
        if (state == State.OPEN && nanoTime.getAsLong() - probeAt >= 0) {
            state = State.PROBING;
            return true;
        }
        return state == State.CLOSED;
    }

    boolean isOpen() {
        return state != State.CLOSED;
    }

    void succeeded() {
        state = State.CLOSED;
        failures = 0;
        backoff.reset();
    }

    /** Closes when nobody has asked for a minute: what was wrong then is not known to be so now. Returns true when it did. */
    boolean forgets() {
        var forgotten = state == State.OPEN && nanoTime.getAsLong() - probeAt >= MEMORY_NANOS;
        if (forgotten) {
            succeeded();
        }
        return forgotten;
    }

    /** Returns true when this failure opened the breaker. */
    boolean failed() {
        var now = nanoTime.getAsLong();
        if (state == State.PROBING) {
            open(now);
            return false;
        }
        if (state == State.OPEN) {
            return false;
        }
        if (failures++ == 0) {
            firstFailureAt = now;
        }
        var span = now - firstFailureAt;
        if ((failures >= FAILURES && span >= SPAN_NANOS) || (failures > 1 && span >= LONG_SPAN_NANOS)) {
            open(now);
            return true;
        }
        return false;
    }

    private void open(long now) {
        state = State.OPEN;
        probeAt = now + backoff.next().toNanos();
    }

    /** There is a sign that Redis is back: the next request may find out. */
    void probeSoon() {
        if (state == State.OPEN) {
            probeAt = nanoTime.getAsLong();
        }
    }
}
