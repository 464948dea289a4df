package sluice.cli.simulate;

import java.util.List;
import sluice.cli.InvalidInputException;

/**
 * A row and where it stands.
 *
 * @param line from 1
 */
record CsvRow(String file, int line, List<String> cells) {
    private static final double LONGEST = 400L * 24 * 3600;

    InvalidInputException fault(String what) {
        return new InvalidInputException("%s: line %d: %s".formatted(file, line, what));
    }

    String text(int column) {
        return cells.get(column);
    }

    /** The first column as milliseconds. */
    long millis() {
        double seconds = number(0, "seconds");
        if (Math.abs(seconds) > LONGEST) {
            throw fault("seconds must be within 400 days of the start, is " + text(0));
        }
        return Math.round(seconds * 1000);
    }

    double number(int column, String name) {
        return Decimal.parse(text(column))
                .orElseThrow(() -> fault(name + " must be a number, is '" + text(column) + "'"));
    }
}
