package sluice.cli.simulate;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sluice.cli.InvalidInputException;
import sluice.operator.rollout.Scope;

/** Samples of signals, {@code seconds,signal,arm,value} a line. The columns hold no commas, so nothing is quoted. */
final class Recording {
    static final String REQUEST_RATE = "RequestRate";
    static final String HEADER = "seconds,signal,arm,value";

    private record Key(String signal, Scope scope) {}

    private final Map<Key, Series> series = new HashMap<>();

    private Recording() {}

    /**
     * Reads the file.
     *
     * @param signals the names that may stand in it
     * @throws InvalidInputException naming the line
     */
    static Recording read(Path file, Set<String> signals) {
        return of(file.toString(), Lines.of(file), signals);
    }

    static Recording of(String name, List<String> lines, Set<String> signals) {
        var recording = new Recording();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            if (!line.isBlank() && !(number == 1 && line.strip().equals(HEADER))) {
                recording.add(line, new Lines.Place(name, number), signals);
            }
        }
        if (recording.series.isEmpty()) {
            throw new InvalidInputException(name + ": there is no sample in it; each line is " + HEADER);
        }
        return recording;
    }

    private void add(String line, Lines.Place place, Set<String> signals) {
        String[] columns = Lines.columns(line, 4, HEADER, place);
        double seconds = Lines.seconds(columns[0], place);
        String signal = columns[1];
        if (!signals.contains(signal)) {
            throw place.fault("no such signal: %s; known are %s".formatted(signal, new TreeSet<>(signals)));
        }
        Scope scope = scope(columns[2], place);
        if (!columns[3].isEmpty()) {
            series.computeIfAbsent(new Key(signal, scope), key -> new Series()).put(seconds, value(columns[3], place));
        }
    }

    private static Scope scope(String text, Lines.Place place) {
        try {
            return Scope.of(text);
        } catch (IllegalArgumentException e) {
            throw place.fault("no such arm: " + text + "; use candidate, stable or service");
        }
    }

    private static double value(String text, Lines.Place place) {
        return switch (text) {
            case "NaN", "Inf", "+Inf", "-Inf" -> Double.NaN;
            default -> Lines.number(text, "value", place);
        };
    }

    Optional<Series> of(String signal, Scope scope) {
        return Optional.ofNullable(series.get(new Key(signal, scope)));
    }

    Iterable<Series> all() {
        return series.values();
    }

    double lastSecond() {
        return series.values().stream().mapToDouble(Series::lastSecond).max().orElse(0);
    }
}
