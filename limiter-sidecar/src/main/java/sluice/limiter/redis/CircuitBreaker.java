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
    private static final long LONGEST_MEMORY_NANOS = Duration.ofHours(1).toNanos();

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
    private long memoryNanos = MEMORY_NANOS;
    private boolean forgotten;

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
        memoryNanos = MEMORY_NANOS;
        forgotten = false;
    }

    /**
     * Closes when nobody has asked for a minute: what was wrong then is not known to be so now. When the next answer is a failure too, it
     * opens at once and remembers twice as long, up to an hour: requests are only rare, and the outage goes on. Returns true when it closed.
     */
    boolean forgets() {
        if (state != State.OPEN || nanoTime.getAsLong() - probeAt < memoryNanos) {
            return false;
        }
        state = State.CLOSED;
        failures = 0;
        backoff.reset();
        forgotten = true;
        return true;
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
        if (forgotten) {
            forgotten = false;
            memoryNanos = Math.min(2 * memoryNanos, LONGEST_MEMORY_NANOS);
            open(now);
            return true;
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
