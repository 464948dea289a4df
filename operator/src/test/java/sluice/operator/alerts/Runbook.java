package sluice.operator.alerts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** docs/ONCALL_RUNBOOK.md. */
final class Runbook {

    private static final Path PAGE = Path.of("..", "docs", "ONCALL_RUNBOOK.md");
    private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

    // A name alone, such as kubectl rlr, is nothing to be typed.
    private static final Pattern INLINE =
            Pattern.compile("`((?:kubectl|amtool|promtool|curl) (?!rlr(?: [a-z-]+)?`)[^`\n]+)`");
    private static final Pattern QUERY = Pattern.compile("`((?:sum|rate|max|count)[ (][^`\n]+)`");

    private Runbook() {}

    private static String text() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the alerts that have a section. */
    static List<String> alerts() {
        return text().lines()
                .filter(line -> line.startsWith("### Sluice"))
                .map(line -> line.substring("### ".length()))
                .toList();
    }

    /** The rows of the first table under a heading, without its head. */
    static List<List<String>> table(String heading) {
        var section = text().split("(?m)^## " + Pattern.quote(heading) + "$", 2)[1];
        return section.lines()
                .dropWhile(line -> !line.startsWith("|---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** Every command, one a line, and those within sentences. */
    static Stream<String> commands() {
        var blocks = COMMANDS.matcher(text())
                .results()
                .flatMap(block -> block.group(1).lines());
        var inline = INLINE.matcher(text()).results().map(command -> command.group(1));
        return Stream.concat(blocks, inline).distinct();
    }

    /** Every query for Prometheus within a sentence. */
    static Stream<String> queries() {
        return QUERY.matcher(text()).results().map(query -> query.group(1));
    }
}
