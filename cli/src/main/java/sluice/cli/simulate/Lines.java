package sluice.cli.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sluice.cli.InvalidInputException;

/** The lines of a small table whose cells hold no commas. */
final class Lines {
    private static final double LONGEST = 400L * 24 * 3600;

    /** Where something stands. */
    record Place(String file, int line) {
        InvalidInputException fault(String what) {
            return new InvalidInputException("%s: line %d: %s".formatted(file, line, what));
        }
    }

    private Lines() {}

    static List<String> of(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    static String[] columns(String line, int count, String header, Place place) {
        String[] columns = line.split(",", -1);
        if (columns.length != count) {
            throw place.fault("has %d columns; each line is %s".formatted(columns.length, header));
        }
        for (int i = 0; i < count; i++) {
            columns[i] = columns[i].strip();
        }
        return columns;
    }

    static double seconds(String text, Place place) {
        double seconds = number(text, "seconds", place);
        if (Math.abs(seconds) > LONGEST) {
            throw place.fault("seconds must be within 400 days of the start, is " + text);
        }
        return seconds;
    }

    static double number(String text, String column, Place place) {
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for an infinite one.
        }
        throw place.fault(column + " must be a number, is '" + text + "'");
    }
}
