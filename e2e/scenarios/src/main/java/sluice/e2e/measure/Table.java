package sluice.e2e.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in columns, each as wide as its widest cell. */
final class Table {
    private final List<String[]> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(headings);
    }

    void row(String... cells) {
        if (cells.length != rows.getFirst().length) {
            throw new IllegalArgumentException(
                    "a row of %d cells under %d headings".formatted(cells.length, rows.getFirst().length));
        }
        rows.add(cells);
    }

    @Override
    public String toString() {
        int[] widths = new int[rows.getFirst().length];
        rows.forEach(row -> Arrays.setAll(widths, at -> Math.max(widths[at], row[at].length())));
        var text = new StringBuilder();
        rows.forEach(row -> text.append(line(row, widths)).append('\n'));
        return text.toString();
    }

    private static String line(String[] row, int[] widths) {
        var line = new StringBuilder();
        for (int at = 0; at < row.length; at++) {
            line.append("  ").append(row[at]).repeat(" ", widths[at] - row[at].length());
        }
        return line.toString().stripTrailing();
    }
}
