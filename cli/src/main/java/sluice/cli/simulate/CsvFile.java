package sluice.cli.simulate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import sluice.cli.InvalidInputException;

/**
 * A small table in a file. Cells hold no commas; they may stand in double quotes and have blanks around them. A first row that names the
 * columns, empty lines and lines that begin with {@code #} are passed over.
 */
final class CsvFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String name;
    private final List<String> columns;

    CsvFile(String name, String... columns) {
        this.name = name;
        this.columns = List.of(columns);
    }

    /**
     * Reads every row.
     *
     * @throws InvalidInputException naming the line, for one that has not as many cells as there are columns
     */
    static void read(Path file, Consumer<CsvRow> rows, String... columns) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            new CsvFile(file.toString(), columns).read(withNewlines(text), rows);
        } catch (IOException e) {
            throw InvalidInputException.unreadable(file, e);
        }
    }

    /** Lines end as on any system. */
    private static String withNewlines(String text) {
        return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
    }

    private void read(String text, Consumer<CsvRow> rows) {
        boolean first = true;
        int number = 0;
        int begin = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
        while (begin < text.length()) {
            int newline = text.indexOf('\n', begin);
            int end = newline < 0 ? text.length() : newline;
            number++;
            if (hasCells(text, begin, end)) {
                CsvRow row = row(text, begin, end, number);
                if (!first || !namesColumns(row)) {
                    rows.accept(row);
                }
                first = false;
            }
            begin = end + 1;
        }
    }

    private static boolean hasCells(String text, int begin, int end) {
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)) {
                return c != '#';
            }
        }
        return false;
    }

    private boolean namesColumns(CsvRow row) {
        List<String> named =
                row.cells().stream().map(cell -> cell.toLowerCase(Locale.ROOT)).toList();
        if (named.equals(columns)) {
            return true;
        }
        if (Set.copyOf(named).equals(Set.copyOf(columns))) {
            throw row.fault("columns must be in the order " + String.join(",", columns));
        }
        return false;
    }

    // A day has hundreds of thousands of lines: nothing is cut out of the file but the cells.
    private CsvRow row(String text, int begin, int end, int number) {
        String[] cells = new String[columns.size()];
        int from = begin;
        for (int i = 0; i < cells.length; i++) {
            int comma = text.indexOf(',', from, end);
            boolean last = i == cells.length - 1;
            if (last != comma < 0) {
                throw fault(text.substring(begin, end), number);
            }
            cells[i] = cell(text.substring(from, last ? end : comma));
            from = comma + 1;
        }
        return new CsvRow(name, number, List.of(cells));
    }

    private InvalidInputException fault(String line, int number) {
        long count = line.chars().filter(c -> c == ',').count() + 1;
        return new InvalidInputException("%s: line %d: has %d columns; each line is %s"
                .formatted(name, number, count, String.join(",", columns)));
    }

    private static String cell(String text) {
        String bare = text.strip();
        boolean quoted = bare.length() > 1 && bare.charAt(0) == '"' && bare.charAt(bare.length() - 1) == '"';
        return quoted ? bare.substring(1, bare.length() - 1).strip() : bare;
    }
}
