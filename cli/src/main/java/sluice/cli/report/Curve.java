package sluice.cli.report;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A line in a picture.
 *
 * @param stepped whether a value lasts until the next
 */
public record Curve(String name, String colour, boolean stepped, List<Point> points) {
    /**
     * What a line shows at one time.
     *
     * @param value empty where nothing is known: the line has a gap
     */
    public record Point(Instant at, OptionalDouble value) {}

    public Curve {
        points = List.copyOf(points);
    }

    boolean isEmpty() {
        return points.stream().allMatch(point -> point.value().isEmpty());
    }

    OptionalDouble most() {
        return points.stream()
                .map(Point::value)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max();
    }

    OptionalDouble least() {
        return points.stream()
                .map(Point::value)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .min();
    }
}
