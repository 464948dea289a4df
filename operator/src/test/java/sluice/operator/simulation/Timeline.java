package sluice.operator.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Virtual time in milliseconds, and what is to happen in it. Whoever waits lets everything else happen meanwhile. */
final class Timeline {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private record Due(long at, int rank, long number, Runnable action) {}

    private final PriorityQueue<Due> due = new PriorityQueue<>(
            Comparator.comparingLong(Due::at).thenComparingInt(Due::rank).thenComparingLong(Due::number));
    private final IntSupplier ranks;
    private final boolean traced;
    private final List<String> trace = new ArrayList<>();
    private Runnable afterEach = () -> {};
    private long now;
    private long number;
    private boolean ended;

    /**
     * Begins at 0.
     *
     * @param ranks the order of what happens in the same millisecond
     */
    Timeline(IntSupplier ranks, boolean traced) {
        this.ranks = ranks;
        this.traced = traced;
    }

    long now() {
        return now;
    }

    Instant instant() {
        return START.plusMillis(now);
    }

    /** Monotonic, for the production code. */
    long nanoTime() {
        return now * 1_000_000;
    }

    /** Runs {@code look} after everything that happens. */
    void afterEach(Runnable look) {
        afterEach = look;
    }

    void after(long millis, Runnable action) {
        due.add(new Due(now + Math.max(0, millis), ranks.getAsInt(), number++, action));
    }

    /** Waits. */
    void pass(long millis) {
        runUntil(now + millis);
    }

    /** Returns at {@code until}, or when it was ended. */
    void runUntil(long until) {
        while (!ended && !due.isEmpty() && due.peek().at() <= until) {
            var next = due.remove();
            // Somebody who waited in what happened before may have let more time pass.
            now = Math.max(now, next.at());
            next.action().run();
            afterEach.run();
        }
        now = Math.max(now, until);
    }

    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Notes what happens, for whoever has to find out why. */
    void note(Supplier<String> what) {
        if (traced) {
            trace.add("%8.3f  %s".formatted(now / 1000.0, what.get()));
        }
    }

    List<String> trace() {
        return trace;
    }
}
