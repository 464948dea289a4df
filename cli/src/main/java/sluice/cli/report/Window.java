package sluice.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A stretch of time that is looked at moment by moment.
 *
 * @param from in whole seconds
 * @param to not before {@code from}
 * @param step in whole seconds
 */
public record Window(Instant from, Instant to, Duration step) {
    /** More than a picture shows. */
    private static final long MOST_MOMENTS = 600;

    public Window {
        if (to.isBefore(from) || step.toSeconds() < 1) {
            throw new IllegalArgumentException("no window: " + from + " to " + to + " by " + step);
        }
    }

    /** From one time to another by the interval, or by a multiple of it where that gives too many moments. */
    static Window of(Instant from, Instant to, Duration interval) {
        Instant begin = from.truncatedTo(ChronoUnit.SECONDS);
        Instant end = to.isBefore(begin) ? begin : to;
        long seconds = Math.max(1, interval.plusNanos(999_999_999).toSeconds());
        long moments = Duration.between(begin, end).toSeconds() / seconds;
        return new Window(begin, end, Duration.ofSeconds(seconds * (1 + moments / MOST_MOMENTS)));
    }

    List<Instant> moments() {
        long last = Duration.between(from, to).dividedBy(step);
        return LongStream.rangeClosed(0, last)
                .mapToObj(number -> from.plus(step.multipliedBy(number)))
                .toList();
    }

    boolean contains(Instant at) {
        return !at.isBefore(from) && !at.isAfter(to);
    }
}
