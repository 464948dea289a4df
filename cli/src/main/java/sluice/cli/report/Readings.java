package sluice.cli.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.function.Function;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Signals;

/**
 * What was to be read at the moments of a window.
 *
 * @param seen by moment
 */
record Readings(Window window, SortedMap<Instant, Signals> seen) {

    /** What a signal showed; the line has a gap where there were no requests, or no data. */
    List<Curve.Point> points(Signal signal, Scope scope) {
        return points(seen -> value(seen.reading(signal, scope)));
    }

    /** Requests per second. */
    List<Curve.Point> requests(Scope scope) {
        return points(seen ->
                seen.requests(scope) instanceof Reading.NoTraffic ? OptionalDouble.of(0) : value(seen.requests(scope)));
    }

    /** How much more the candidate throttles than the stable arm, whose last share stands in where it has none. */
    List<Curve.Point> throttledDifference(OptionalDouble lastStable) {
        double[] stable = {lastStable.orElse(0)};
        return points(seen -> {
            value(seen.reading(Signal.THROTTLED_RATIO, Scope.STABLE)).ifPresent(value -> stable[0] = value);
            OptionalDouble candidate = value(seen.reading(Signal.THROTTLED_RATIO, Scope.CANDIDATE));
            return candidate.isPresent() ? OptionalDouble.of(candidate.getAsDouble() - stable[0]) : candidate;
        });
    }

    private List<Curve.Point> points(Function<Signals, OptionalDouble> value) {
        return seen.entrySet().stream()
                .map(moment -> new Curve.Point(moment.getKey(), value.apply(moment.getValue())))
                .toList();
    }

    private static OptionalDouble value(Reading reading) {
        return reading instanceof Reading.Value(Samples samples)
                ? OptionalDouble.of(samples.last().value())
                : OptionalDouble.empty();
    }

    /** Whether anything at all was read. */
    boolean isEmpty() {
        return seen.values().stream()
                .noneMatch(signals -> signals.requests().values().stream()
                        .anyMatch(reading -> !(reading instanceof Reading.Missing)));
    }

    /** A row for each moment, signal and scope: the value, or why there is none. */
    List<List<String>> rows(List<Signal> signals) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("time", "signal", "scope", "value", "missing"));
        seen.forEach((at, each) -> {
            if (each.readings().isEmpty()) {
                rows.add(List.of(at.toString(), "", "", "", why(each.busiestIdentity())));
            }
            each.partial().ifPresent(why -> rows.add(List.of(at.toString(), "", "", "", why)));
            for (Scope scope : Scope.values()) {
                add(rows, at, "Requests", scope, scope, each.requests());
            }
            for (Signal signal : signals) {
                for (Scope scope : Scope.values()) {
                    add(rows, at, signal.text(), new Signals.Key(signal, scope), scope, each.readings());
                }
            }
        });
        return rows;
    }

    private static <K> void add(
            List<List<String>> rows, Instant at, String name, K key, Scope scope, Map<K, Reading> all) {
        Reading reading = all.get(key);
        if (reading != null) {
            OptionalDouble value = value(reading);
            rows.add(List.of(
                    at.toString(),
                    name,
                    scope.text(),
                    value.isPresent() ? Double.toString(value.getAsDouble()) : "",
                    why(reading)));
        }
    }

    private static String why(Reading reading) {
        return switch (reading) {
            case Reading.Value _ -> "";
            case Reading.NoTraffic _ -> "no requests";
            case Reading.Missing(String why, var _) -> why;
        };
    }
}
