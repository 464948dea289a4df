package sluice.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What docs/metrics.md says of each metric of the sidecar, which is its first part. */
final class MetricsPage {

    /** One metric; {@code queries} are PromQL, {@code text} is all that is said of it. */
    record Metric(String type, Set<String> labels, List<String> queries, String text) {}

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final String NEXT_PART = "\n# ";
    private static final Pattern HEADING = Pattern.compile("### `(\\w+)`");
    private static final Pattern FACTS =
            Pattern.compile("(Counter|Gauge|Histogram|Summary|Info)\\. Labels: (.*?)\\. Unit: [^.]+\\.");
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");
    private static final String FENCE = "```";

    private MetricsPage() {}

    static Map<String, Metric> read() throws IOException {
        var metrics = new LinkedHashMap<String, Metric>();
        var text = Files.readString(PAGE);
        for (var section : text.substring(0, text.indexOf(NEXT_PART)).split("(?m)^(?=##)", -1)) {
            var lines = section.lines().toList();
            var heading = HEADING.matcher(lines.getFirst());
            if (heading.matches()) {
                assertThat(metrics.put(heading.group(1), metric(section, lines)))
                        .as(heading.group(1))
                        .isNull();
            }
        }
        return metrics;
    }

    private static Metric metric(String section, List<String> lines) {
        var facts = FACTS.matcher(lines.get(2));
        assertThat(facts.matches())
                .as(lines.getFirst() + " must go on with: Counter. Labels: `a`, `b`. Unit: c.")
                .isTrue();
        var labels = CODE.matcher(facts.group(2)).results().map(label -> label.group(1));
        var queries = queries(lines);
        assertThat(queries).as(lines.getFirst() + " needs a query").isNotEmpty();
        assertThat(section.lines()
                        .skip(3)
                        .filter(line -> !line.isBlank())
                        .findFirst()
                        .orElse(FENCE))
                .as(lines.getFirst() + " needs a meaning")
                .doesNotStartWith(FENCE);
        return new Metric(
                facts.group(1).toLowerCase(Locale.ROOT),
                labels.collect(Collectors.toCollection(TreeSet::new)),
                queries,
                section);
    }

    private static List<String> queries(List<String> lines) {
        var queries = new ArrayList<String>();
        var inside = false;
        for (var line : lines) {
            if (line.startsWith(FENCE)) {
                inside = line.equals(FENCE + "promql");
            } else if (inside) {
                queries.add(line);
            }
        }
        return queries;
    }

    /** The queries of all metrics. */
    static Stream<String> queries() throws IOException {
        return read().values().stream().flatMap(metric -> metric.queries().stream());
    }
}
