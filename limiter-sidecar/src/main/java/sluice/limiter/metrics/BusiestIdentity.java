package sluice.limiter.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.stream.IntStream;

/**
 * The share of the last minute's requests that its busiest caller made, from 0 to 1. {@link #seen} and {@link #tick} belong to the event
 * loop; {@link #ratio} may be read anywhere and is a second old at most.
 */
final class BusiestIdentity {

    private static final int SLICES = 6;
    private static final long SLICE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int KEYS_PER_SLICE = 128;

    private final FrequentKeys[] slices = IntStream.range(0, SLICES)
            .mapToObj(_ -> new FrequentKeys(KEYS_PER_SLICE))
            .toArray(FrequentKeys[]::new);
    private int current;
    private long sliceStart;
    private volatile double ratio;

    BusiestIdentity(long now) {
        this.sliceStart = now;
    }

    void seen(String key) {
        slices[current].add(key);
    }

    /** Takes the time, in {@code System.nanoTime()}, about once a second. */
    void tick(long now) {
        while (now - sliceStart >= SLICE_NANOS) {
            sliceStart += SLICE_NANOS;
            current = (current + 1) % SLICES;
            slices[current].clear();
        }
        ratio = measure();
    }

    private double measure() {
        var total = 0L;
        var sums = new HashMap<String, Long>();
        for (var slice : slices) {
            total += slice.total();
            slice.addTo(sums);
        }
        var busiest = sums.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return total == 0 ? 0 : (double) busiest / total;
    }

    double ratio() {
        return ratio;
    }
}
