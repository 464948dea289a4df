package sluice.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What docs/metrics.md says of each metric: of sidecar, operator and WAF. */
final class MetricsPage {

    /**
     * One metric.
     *
     * @param type as Prometheus calls it
     * @param query PromQL
     */
    record Metric(String type, Set<String> labels, String query) {}

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern METRIC = Pattern.compile(
            "(?m)^### `(\\w+)`\\n\\n(Counter|Gauge|Histogram|Summary)\\. Labels: (.*?)\\. Unit: [^.]+\\.\\n\\n\\w(?s:.*?)```promql\\n(.*)\\n```");
    private static final Pattern LABEL = Pattern.compile("`(\\w+)`");

    private MetricsPage() {}

    /** All of them; where sidecar and operator have one of the same name, with the labels of both. */
    static Map<String, Metric> read() {
        var metrics = new LinkedHashMap<String, Metric>();
        List.of("sidecar", "operator", "WAF")
                .forEach(part -> part(part).forEach((name, metric) -> metrics.merge(name, metric, MetricsPage::both)));
        return metrics;
    }

    private static Metric both(Metric one, Metric other) {
        var labels = new TreeSet<>(one.labels());
        labels.addAll(other.labels());
        return new Metric(one.type(), labels, one.query());
    }

    /** Those of the part {@code # Metrics of the <whose>}. */
    static Map<String, Metric> part(String whose) {
        var title = "# Metrics of the " + whose + "\n";
        var text = Arrays.stream(page().split("(?m)^(?=# )", -1))
                .filter(part -> part.startsWith(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError(PAGE + " has no part '" + title.strip() + "'"));
        var metrics = new LinkedHashMap<String, Metric>();
        METRIC.matcher(text)
                .results()
                .forEach(found -> metrics.put(
                        found.group(1),
                        new Metric(found.group(2).toLowerCase(Locale.ROOT), labels(found.group(3)), found.group(4))));
        var headings = text.lines().filter(line -> line.startsWith("### ")).toList();
        if (headings.size() != metrics.size()) {
            throw new AssertionError(
                    "each of %s must go on with '. Labels: `a`. Unit: b.', a meaning and a query; these do: %s"
                            .formatted(headings, metrics.keySet()));
        }
        return metrics;
    }

    private static Set<String> labels(String text) {
        return LABEL.matcher(text)
                .results()
                .map(label -> label.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String page() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
