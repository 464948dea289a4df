package sluice.cli.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.operator.rollout.Sample;

/** One series of the recording, looked at once every interval. A sample counts for its own interval only; the last of an interval wins. */
final class Series {
    // A day has hundreds of thousands of them: not an object each, which the collector would have to copy.
    private long[] millis = new long[1024];
    private double[] values = new double[millis.length];
    private int count;
    private boolean ordered = true;
    private @Nullable Sample[] samples = {};
    private int first;
    private int summedSince;
    private int summedTo;
    private double sum;

    void put(long at, double value) {
        if (count == millis.length) {
            millis = Arrays.copyOf(millis, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        ordered &= count == 0 || millis[count - 1] <= at;
        millis[count] = at;
        values[count++] = value;
    }

    /** The first interval that has a sample. */
    int first() {
        return first;
    }

    /** The last interval that has a sample. */
    int last() {
        return first + samples.length - 1;
    }

    /** Puts every sample to its interval, which ends at a multiple of {@code interval} from {@code start}. */
    void align(Instant start, Duration interval) {
        if (!ordered) {
            sort();
        }
        long length = interval.toMillis();
        first = index(millis[0], length);
        samples = new @Nullable Sample[index(millis[count - 1], length) - first + 1];
        for (int i = 0; i < count; i++) {
            int at = index(millis[i], length);
            samples[at - first] =
                    Double.isFinite(values[i]) ? new Sample(start.plusMillis(at * length), values[i]) : null;
        }
    }

    // Of two at the same time the one that was put last wins: sorting keeps their order.
    private void sort() {
        long[] times = millis;
        double[] known = values;
        int[] order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingLong(i -> times[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        millis = IntStream.of(order).mapToLong(i -> times[i]).toArray();
        values = IntStream.of(order).mapToDouble(i -> known[i]).toArray();
        ordered = true;
    }

    private static int index(long millis, long length) {
        return (int) Math.ceilDiv(millis, length);
    }

    /** What the interval that ends with evaluation {@code at} has; empty for none, NaN and Inf. */
    Optional<Sample> at(int at) {
        return Optional.ofNullable(sample(at));
    }

    private @Nullable Sample sample(long at) {
        return at < first || at > last() ? null : samples[(int) at - first];
    }

    /** Every {@code stride}-th interval's, {@code most} of them, the newest at {@code at}; those that have one. */
    List<Sample> until(int at, int stride, long most) {
        Sample[] window = new Sample[(int) most];
        int found = 0;
        for (long i = at - (most - 1) * stride; i <= at; i += stride) {
            Sample sample = sample(i);
            if (sample != null) {
                window[found++] = sample;
            }
        }
        return List.of(found == window.length ? window : Arrays.copyOf(window, found));
    }

    /** Of two series, which are aligned, the greater sample of each interval. */
    static Series worse(Series one, Series other) {
        Series worse = new Series();
        worse.first = Math.min(one.first, other.first);
        worse.samples = new @Nullable Sample[Math.max(one.last(), other.last()) - worse.first + 1];
        for (int i = 0; i < worse.samples.length; i++) {
            worse.samples[i] = worse(one.sample(worse.first + i), other.sample(worse.first + i));
        }
        return worse;
    }

    private static @Nullable Sample worse(@Nullable Sample one, @Nullable Sample other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.value() >= other.value() ? one : other;
    }

    /** The mean of the finite values from {@code from} on, before {@code to}, in milliseconds; empty when there is none. */
    OptionalDouble mean(long from, long to) {
        double sum = 0;
        int finite = 0;
        for (int i = firstFrom(from); i < count && millis[i] < to; i++) {
            if (Double.isFinite(values[i])) {
                sum += values[i];
                finite++;
            }
        }
        return finite == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / finite);
    }

    private int firstFrom(long from) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (millis[middle] < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The sum of what the intervals after {@code since} up to {@code at} have; goes on from where it was asked for last. */
    double sum(int since, int at) {
        if (since != summedSince || at < summedTo) {
            summedSince = since;
            summedTo = since;
            sum = 0;
        }
        for (; summedTo < at; summedTo++) {
            Sample sample = sample(summedTo + 1);
            sum += sample == null ? 0 : sample.value();
        }
        return sum;
    }
}
