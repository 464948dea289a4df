package sluice.observability.picture;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One series of a panel.
 *
 * @param limit whether it is a limit for the others
 */
record Line(String name, boolean limit, List<Point> points) {

    private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");

    /** What a series with these labels is called. */
    static String name(String legend, Map<String, String> labels) {
        return LABEL.matcher(legend)
                .replaceAll(found -> Matcher.quoteReplacement(labels.getOrDefault(found.group(1), "")));
    }

    /** The newest value, if the series is there at the end. */
    OptionalDouble last() {
        return points.isEmpty() || Double.isNaN(points.getLast().value())
                ? OptionalDouble.empty()
                : OptionalDouble.of(points.getLast().value());
    }

    /** The newest value, whenever that was. */
    Optional<Point> newest() {
        return points.reversed().stream()
                .filter(point -> Double.isFinite(point.value()))
                .findFirst();
    }

    OptionalDouble highest() {
        return points.stream()
                .mapToDouble(Point::value)
                .filter(Double::isFinite)
                .max();
    }

    OptionalDouble lowest() {
        return points.stream()
                .mapToDouble(Point::value)
                .filter(Double::isFinite)
                .min();
    }
}
