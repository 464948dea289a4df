package sluice.limiter.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations by bucket and remembers a recent request for each, so that a slow bucket leads to a line of the request log. A
 * request costs a few additions and, once a second at most for each bucket, a small object.
 */
final class LatencyHistogram {

    private static final String REQUEST_ID = "request_id";

    /** OpenMetrics allows an exemplar 128 characters for names and values together. */
    private static final int LONGEST_REQUEST_ID = 128 - REQUEST_ID.length();

    private static final long REPLACED_AFTER_MILLIS = 1_000;
    private static final double NANOS = 1e9;

    private record Example(String requestId, long nanos, long at) {}

    /** In nanoseconds, ascending; what is above the last is counted as well. */
    private final long[] bounds;

    private final AtomicLongArray counts;
    private final AtomicReferenceArray<@Nullable Example> examples;
    private final AtomicLong sum = new AtomicLong();

    LatencyHistogram(List<Duration> bounds) {
        this.bounds = bounds.stream().mapToLong(Duration::toNanos).toArray();
        this.counts = new AtomicLongArray(bounds.size() + 1);
        this.examples = new AtomicReferenceArray<>(bounds.size() + 1);
    }

    /** Records a request that took {@code nanos} and ended {@code at}, in milliseconds of the epoch. */
    void record(long nanos, String requestId, long at) {
        var bucket = 0;
        while (bucket < bounds.length && nanos > bounds[bucket]) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sum.addAndGet(nanos);
        var example = examples.get(bucket);
        if ((example == null || at - example.at() >= REPLACED_AFTER_MILLIS)
                && requestId.length() <= LONGEST_REQUEST_ID) {
            examples.set(bucket, new Example(requestId, nanos, at));
        }
    }

    HistogramDataPointSnapshot snapshot(Labels labels) {
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(upperBounds(), counts()))
                .sum(sum.get() / NANOS)
                .exemplars(exemplars())
                .build();
    }

    private double[] upperBounds() {
        var upper = new double[bounds.length + 1];
        for (var bucket = 0; bucket < bounds.length; bucket++) {
            upper[bucket] = bounds[bucket] / NANOS;
        }
        upper[bounds.length] = Double.POSITIVE_INFINITY;
        return upper;
    }

    private long[] counts() {
        var copied = new long[counts.length()];
        for (var bucket = 0; bucket < copied.length; bucket++) {
            copied[bucket] = counts.get(bucket);
        }
        return copied;
    }

    private Exemplars exemplars() {
        var found = new ArrayList<Exemplar>();
        for (var bucket = 0; bucket < examples.length(); bucket++) {
            var example = examples.get(bucket);
            if (example != null) {
                var labels = Labels.of(REQUEST_ID, example.requestId());
                found.add(new Exemplar(example.nanos() / NANOS, labels, example.at()));
            }
        }
        return Exemplars.of(found);
    }
}
