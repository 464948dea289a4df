package sluice.cli.simulate;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
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

    /** Every signal that may be there, and of each the arms that are. */
    private final Map<String, Map<Scope, Series>> series = new HashMap<>();

    private long lastMillis = Long.MIN_VALUE;

    private Recording(Set<String> signals) {
        signals.forEach(signal -> series.put(signal, new EnumMap<>(Scope.class)));
    }

    /**
     * Reads the file.
     *
     * @param signals the names that may stand in it
     * @throws InvalidInputException naming the line
     */
    static Recording read(Path file, Set<String> signals) {
        Recording recording = new Recording(signals);
        CsvFile.read(file, recording::add, COLUMNS);
        if (recording.lastMillis == Long.MIN_VALUE) {
            throw new InvalidInputException(
                    file + ": there is no sample in it; each line is " + String.join(",", COLUMNS));
        }
        return recording;
    }

    private void add(CsvRow row) {
        long millis = row.millis();
        Map<Scope, Series> arms = series.get(row.text(1));
        if (arms == null) {
            throw row.fault("no such signal: %s; known are %s".formatted(row.text(1), new TreeSet<>(series.keySet())));
        }
        Scope scope = scope(row);
        // A line without a value is a time at which somebody looked and saw nothing.
        lastMillis = Math.max(lastMillis, millis);
        if (!row.text(3).isEmpty()) {
            arms.computeIfAbsent(scope, _ -> new Series()).put(millis, value(row));
        }
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
        return Optional.ofNullable(series.getOrDefault(signal, Map.of()).get(scope));
    }

    /** The arms that a signal was recorded for. */
    List<Scope> arms(String signal) {
        return List.copyOf(series.getOrDefault(signal, Map.of()).keySet());
    }

    Stream<Series> all() {
        return series.values().stream().flatMap(arms -> arms.values().stream());
    }

    /** The last line's time, whether it has a value or not. */
    long lastMillis() {
        return lastMillis;
    }
}
