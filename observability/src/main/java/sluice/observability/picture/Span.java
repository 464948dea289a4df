package sluice.observability.picture;

import java.time.Duration;
import java.time.Instant;

/**
 * What a picture shows.
 *
 * @param step between two points
 */
record Span(Instant from, Instant to, Duration step) {

    private static final long POINTS = 240;

    /** As many points as a small picture can show. */
    static Span ending(Instant to, Duration length) {
        var step = Math.max(1, length.toSeconds() / POINTS);
        return new Span(to.minus(length), to, Duration.ofSeconds(step));
    }

    double start() {
        return from.toEpochMilli() / 1e3;
    }

    double length() {
        return Duration.between(from, to).toMillis() / 1e3;
    }
}
