package sluice.cli.report;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import sluice.cli.InvalidInputException;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Sample;
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
    private static final List<String> HEADING = List.of("time", "signal", "scope", "value", "missing");
    private static final String REQUESTS = "Requests";
    private static final String NO_REQUESTS = "no requests";

    /**
     * Reads what {@link #rows} has said, as far as it is drawn.
     *
     * @param lines of the table, with its heading
     */
    static Readings of(Window window, List<Signal> signals, List<String> lines) {
        SortedMap<Instant, Map<Signals.Key, Reading>> readings = new TreeMap<>();
        SortedMap<Instant, Map<Scope, Reading>> requests = new TreeMap<>();
        if (lines.isEmpty() || !lines.getFirst().equals(String.join(",", HEADING))) {
            throw new InvalidInputException("samples: a table is missing, or is none");
        }
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", 5);
            Instant at = cells.length == 5 ? Timeline.time(cells[0]).orElse(null) : null;
            if (at == null) {
                throw new InvalidInputException("samples: is no line of such a table: " + EvidenceFolder.quoted(line));
            }
            readings.computeIfAbsent(at, _ -> new HashMap<>());
            requests.computeIfAbsent(at, _ -> new EnumMap<>(Scope.class));
            scope(cells[2]).ifPresent(scope -> {
                Reading reading = reading(at, cells[3], cells[4]);
                if (cells[1].equals(REQUESTS)) {
                    requests.get(at).put(scope, reading);
                }
                signals.stream()
                        .filter(signal -> cell(signal).equals(cells[1]))
                        .forEach(signal -> readings.get(at).put(new Signals.Key(signal, scope), reading));
            });
        }
        SortedMap<Instant, Signals> seen = new TreeMap<>();
        Reading nothing = new Reading.Missing("not kept");
        readings.forEach((at, each) -> seen.put(
                at,
                new Signals(
                        each,
                        requireNonNull(requests.get(at), "each has both"),
                        Map.of(),
                        nothing,
                        nothing,
                        Optional.empty())));
        return new Readings(window, seen);
    }

    private static String cell(Signal signal) {
        return EvidenceFolder.cell(signal.text());
    }

    private static Optional<Scope> scope(String text) {
        return Stream.of(Scope.values())
                .filter(scope -> scope.text().equals(text))
                .findFirst();
    }

    private static Reading reading(Instant at, String value, String why) {
        if (value.isEmpty()) {
            return why.equals(EvidenceFolder.cell(NO_REQUESTS)) ? new Reading.NoTraffic() : new Reading.Missing(why);
        }
        try {
            return new Reading.Value(new Samples(List.of(new Sample(at, Double.parseDouble(value)))));
        } catch (NumberFormatException e) {
            throw new InvalidInputException("samples: is no figure: " + EvidenceFolder.quoted(value));
        }
    }

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
        rows.add(HEADING);
        seen.forEach((at, each) -> {
            if (each.readings().isEmpty()) {
                rows.add(List.of(at.toString(), "", "", "", why(each.busiestIdentity())));
            }
            each.partial().ifPresent(why -> rows.add(List.of(at.toString(), "", "", "", why)));
            for (Scope scope : Scope.values()) {
                add(rows, at, REQUESTS, scope, scope, each.requests());
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
            case Reading.NoTraffic _ -> NO_REQUESTS;
            case Reading.Missing(String why, var _) -> why;
        };
    }
}
