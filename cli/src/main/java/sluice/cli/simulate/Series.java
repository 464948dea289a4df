package sluice.cli.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import sluice.operator.rollout.Sample;

/** One series of the recording, looked at once every interval. A sample counts for its own interval only; the last of an interval wins. */
final class Series {
    private record Point(long millis, double value) {}

    private final List<Point> points = new ArrayList<>();
    private @Nullable Sample[] samples = {};
    private int first;
    private int summedSince;
    private int summedTo;
    private double sum;

    void put(long millis, double value) {
        points.add(new Point(millis, value));
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
        // Of two at the same time the one that was put last wins: sorting keeps their order.
        points.sort(Comparator.comparingLong(Point::millis));
        long length = interval.toMillis();
        first = index(points.getFirst(), length);
        samples = new @Nullable Sample[index(points.getLast(), length) - first + 1];
        for (Point point : points) {
            int at = index(point, length);
            samples[at - first] =
                    Double.isFinite(point.value()) ? new Sample(start.plusMillis(at * length), point.value()) : null;
        }
    }

    private static int index(Point point, long length) {
        return (int) Math.ceilDiv(point.millis(), length);
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
        int count = 0;
        for (long i = at - (most - 1) * stride; i <= at; i += stride) {
            Sample sample = sample(i);
            if (sample != null) {
                window[count++] = sample;
            }
        }
        return List.of(count == window.length ? window : Arrays.copyOf(window, count));
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
        int count = 0;
        for (int i = firstFrom(from); i < points.size() && points.get(i).millis() < to; i++) {
            double value = points.get(i).value();
            if (Double.isFinite(value)) {
                sum += value;
                count++;
            }
        }
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
    }

    private int firstFrom(long from) {
        int low = 0;
        int high = points.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (points.get(middle).millis() < from) {
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
