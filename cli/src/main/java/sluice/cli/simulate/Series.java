package sluice.cli.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.operator.rollout.Sample;

/** One series of the recording, looked at once every interval. A sample counts for its own interval only; the last of an interval wins. */
final class Series {
    private final TreeMap<Double, Double> values = new TreeMap<>();
    private @Nullable Sample[] samples = {};
    private int first;

    void put(double seconds, double value) {
        values.put(seconds, value);
    }

    double lastSecond() {
        return values.lastKey();
    }

    /** Puts every sample to its interval, which ends at a multiple of {@code interval} from {@code start}. */
    void align(Instant start, Duration interval) {
        double length = interval.toNanos() / 1e9;
        first = index(values.firstKey(), length);
        samples = new @Nullable Sample[index(values.lastKey(), length) - first + 1];
        for (Map.Entry<Double, Double> entry : values.entrySet()) {
            int at = index(entry.getKey(), length);
            samples[at - first] = Double.isFinite(entry.getValue())
                    ? new Sample(start.plus(interval.multipliedBy(at)), entry.getValue())
                    : null;
        }
    }

    private static int index(double seconds, double length) {
        return (int) Math.ceil(seconds / length);
    }

    /** What the interval that ends with evaluation {@code at} has; empty for none, NaN and Inf. */
    Optional<Sample> at(int at) {
        return Optional.ofNullable(sample(at));
    }

    private @Nullable Sample sample(int at) {
        return at < first || at >= first + samples.length ? null : samples[at - first];
    }

    /** Every {@code stride}-th interval's, {@code most} of them, the newest at {@code at}; those that have one. */
    List<Sample> until(int at, int stride, long most) {
        List<Sample> window = new ArrayList<>();
        for (long back = most - 1; back >= 0; back--) {
            Sample sample = sample((int) Math.max(Integer.MIN_VALUE, at - back * stride));
            if (sample != null) {
                window.add(sample);
            }
        }
        return window;
    }

    /** The finite values from {@code from} on, before {@code to}, in seconds. */
    List<Double> between(double from, double to) {
        return values.subMap(from, to).values().stream()
                .filter(Double::isFinite)
                .toList();
    }

    /** The sum of what the intervals after {@code since} up to {@code at} have. */
    double sum(int since, int at) {
        double sum = 0;
        for (int i = Math.max(since + 1, first); i <= at; i++) {
            Sample sample = sample(i);
            sum += sample == null ? 0 : sample.value();
        }
        return sum;
    }
}
