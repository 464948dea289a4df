package sluice.observability.picture;

import java.time.Duration;
import java.time.Instant;

/**
 * What a picture shows.
 *
 * @param step between two points, at least a second
 */
record Span(Instant from, Instant to, Duration step) {

    private static final long POINTS = 240;

    Span {
        if (step.toSeconds() < 1 || !from.isBefore(to)) {
            throw new IllegalArgumentException("no span: %s to %s by %s".formatted(from, to, step));
        }
    }

    /** As many points as a small picture can show. */
    static Span ending(Instant to, Duration length) {
        // One step fewer than points: each has a point at both ends.
        var step = Math.max(1, Math.ceilDiv(length.toSeconds(), POINTS - 1));
        return new Span(to.minus(length), to, Duration.ofSeconds(step));
    }

    /** The same from a later time on. */
    Span beginning(Instant later) {
        return later.isAfter(from) && later.isBefore(to) ? ending(to, Duration.between(later, to)) : this;
    }

    /** How many points there are. */
    int steps() {
        return (int) Duration.between(from, to).dividedBy(step) + 1;
    }

    double start() {
        return from.toEpochMilli() / 1e3;
    }

    double length() {
        return Duration.between(from, to).toMillis() / 1e3;
    }
}
