package sluice.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Times from left to right.
 *
 * @param left where the window begins, in pixels
 * @param width in pixels
 */
record TimeAxis(Window window, double left, double width) {
    private static final int MOST_TICKS = 10;
    private static final List<Duration> STEPS = List.of(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofHours(12),
            Duration.ofDays(1),
            Duration.ofDays(7),
            Duration.ofDays(28),
            Duration.ofDays(365));
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAYS =
            DateTimeFormatter.ofPattern("MM-dd HH:mm").withZone(ZoneOffset.UTC);

    double x(Instant at) {
        double whole = Math.max(1, Duration.between(window.from(), window.to()).toMillis());
        return left + width * Duration.between(window.from(), at).toMillis() / whole;
    }

    /** Round times, not too many. */
    List<Instant> ticks() {
        long seconds = step().toSeconds();
        List<Instant> ticks = new ArrayList<>();
        Instant tick = Instant.ofEpochSecond(-Math.floorDiv(-window.from().getEpochSecond(), seconds) * seconds);
        for (; !tick.isAfter(window.to()); tick = tick.plusSeconds(seconds)) {
            ticks.add(tick);
        }
        return ticks;
    }

    private Duration step() {
        Duration whole = Duration.between(window.from(), window.to());
        return STEPS.stream()
                .filter(step -> whole.dividedBy(step) < MOST_TICKS)
                .findFirst()
                .orElse(STEPS.getLast());
    }

    /** A tick's time, in UTC. */
    String text(Instant tick) {
        if (Duration.between(window.from(), window.to()).compareTo(Duration.ofHours(20)) > 0) {
            return DAYS.format(tick);
        }
        return (step().toSeconds() < 60 ? SECONDS : MINUTES).format(tick);
    }
}
