package sluice.observability.picture;

import java.util.List;
import sluice.observability.dashboard.Threshold;
import sluice.observability.dashboard.Threshold.Level;

/** Colours that differ for everybody, however one sees them. */
final class Colors {

    private static final List<String> LINES =
            List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#8c5a2b", "#7a5cc7", "#999999");

    private Colors() {}

    /** Of the line that is the {@code index}th of its panel. */
    static String of(Line line, int index) {
        return line.limit() ? of(Level.BAD) : LINES.get(index % LINES.size());
    }

    static String of(Level level) {
        return switch (level) {
            case GOOD -> "#1a7f37";
            case WARNING -> "#bf6a02";
            case BAD -> "#c0262d";
        };
    }

    /** How a value is by these thresholds. */
    static Level level(List<Threshold> thresholds, double value) {
        return thresholds.stream()
                .filter(threshold -> value >= threshold.from())
                .map(Threshold::level)
                .reduce(Level.GOOD, (_, later) -> later);
    }
}
