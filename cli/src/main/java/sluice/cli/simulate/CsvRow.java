package sluice.cli.simulate;

import java.util.List;
import sluice.cli.InvalidInputException;

/**
 * A row and where it stands.
 *
 * @param line from 1
 */
record CsvRow(String file, int line, List<String> cells) {
    private static final String DECIMAL = "0123456789+-.eE";
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
        String text = text(column);
        try {
            if (isDecimal(text)) {
                double number = Double.parseDouble(text);
                if (Double.isFinite(number)) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            // Said below, as for one that is too large.
        }
        throw fault(name + " must be a number, is '" + text + "'");
    }

    // What Java alone takes for a number, 0x1p3 or 1d, is none here. A day has a hundred thousand of them: no stream.
    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (DECIMAL.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
