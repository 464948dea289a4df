package sluice.cli.simulate;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import sluice.cli.InvalidInputException;
import sluice.operator.rollout.Scope;

/** Samples of signals, {@code seconds,signal,arm,value} a line. */
final class Recording {
    static final String REQUEST_RATE = "RequestRate";
    private static final String[] COLUMNS = {"seconds", "signal", "arm", "value"};

    /** As Prometheus writes them, in whatever case. */
    private static final Set<String> NO_NUMBERS = Set.of("nan", "inf", "+inf", "-inf");

    /** The arms of a signal, and where it stands first. */
    private record Recorded(CsvRow first, Map<Scope, Series> arms) {}

    private final Map<String, Recorded> signals = new LinkedHashMap<>();
    private long lastMillis = Long.MIN_VALUE;

    private Recording() {}

    /**
     * Reads the file, whatever signals are in it.
     *
     * @throws InvalidInputException naming the line
     */
    static Recording read(Path file) {
        Recording recording = new Recording();
        CsvFile.read(file, recording::add, COLUMNS);
        if (recording.lastMillis == Long.MIN_VALUE) {
            throw new InvalidInputException(
                    file + ": there is no sample in it; each line is " + String.join(",", COLUMNS));
        }
        return recording;
    }

    private void add(CsvRow row) {
        long millis = row.millis();
        Recorded signal = signals.computeIfAbsent(row.text(1), _ -> new Recorded(row, new EnumMap<>(Scope.class)));
        Scope scope = scope(row);
        // A line without a value is a time at which somebody looked and saw nothing.
        lastMillis = Math.max(lastMillis, millis);
        if (!row.text(3).isEmpty()) {
            signal.arms().computeIfAbsent(scope, _ -> new Series()).put(millis, value(row));
        }
    }

    /**
     * The same, after a look at the names.
     *
     * @param names those that may stand in it
     * @throws InvalidInputException naming the first line of another
     */
    Recording of(Set<String> names) {
        signals.forEach((name, signal) -> {
            if (!names.contains(name)) {
                throw signal.first().fault("no such signal: %s; known are %s".formatted(name, new TreeSet<>(names)));
            }
        });
        return this;
    }

    private static Scope scope(CsvRow row) {
        try {
            return Scope.of(row.text(2));
        } catch (IllegalArgumentException e) {
            throw row.fault("no such arm: " + row.text(2) + "; use candidate, stable or service");
        }
    }

    private static double value(CsvRow row) {
        String text = row.text(3);
        boolean word = Character.isLetter(text.charAt(text.length() - 1));
        return word && NO_NUMBERS.contains(text.toLowerCase(Locale.ROOT)) ? Double.NaN : row.number(3, "value");
    }

    Optional<Series> of(String signal, Scope scope) {
        return Optional.ofNullable(arms(signal).get(scope));
    }

    /** Of the arms that a signal was recorded for. */
    Map<Scope, Series> arms(String signal) {
        Recorded recorded = signals.get(signal);
        return recorded == null ? Map.of() : recorded.arms();
    }

    Stream<Series> all() {
        return signals.values().stream().flatMap(signal -> signal.arms().values().stream());
    }

    /** The last line's time, whether it has a value or not. */
    long lastMillis() {
        return lastMillis;
    }
}
