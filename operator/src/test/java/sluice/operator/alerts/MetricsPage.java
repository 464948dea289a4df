package sluice.operator.alerts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What docs/metrics.md says there is, of sidecars, of the operator and of the WAF. Tests of those compare it with what they publish. */
final class MetricsPage {

    /**
     * One metric.
     *
     * @param words what is in code style in its text: labels and their values
     */
    record Metric(String type, Set<String> labels, Set<String> words) {}

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern SECTION =
            Pattern.compile("### `(\\w+)`\n\n(\\w+)\\. Labels: (.*?)\\. Unit: [^.]+\\.\n(.*)", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

    private MetricsPage() {}

    /** By name; a histogram's and a summary's by those of its series. */
    static Map<String, Metric> read() throws IOException {
        var metrics = new LinkedHashMap<String, Metric>();
        for (var text : Files.readString(PAGE).split("(?m)^(?=#)", -1)) {
            var section = SECTION.matcher(text);
            if (section.matches()) {
                add(
                        metrics,
                        section.group(1),
                        new Metric(section.group(2), code(section.group(3)), code(section.group(4))));
            }
        }
        return metrics;
    }

    private static void add(Map<String, Metric> metrics, String name, Metric metric) {
        switch (metric.type()) {
            case "Histogram" -> {
                metrics.put(name + "_bucket", metric);
                metrics.put(name + "_count", metric);
                metrics.put(name + "_sum", metric);
            }
            case "Summary" -> {
                metrics.put(name + "_count", metric);
                metrics.put(name + "_sum", metric);
            }
            default -> metrics.put(name, metric);
        }
    }

    private static Set<String> code(String text) {
        return CODE.matcher(text).results().map(word -> word.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
