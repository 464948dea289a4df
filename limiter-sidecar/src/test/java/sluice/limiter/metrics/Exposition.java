package sluice.limiter.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads metrics more strictly than Prometheus does, in both formats, and fails at the first fault. */
public final class Exposition {

    /** A metric and what was said of it. */
    public static final class Family {

        private final String type;
        private final Set<String> labels = new TreeSet<>();
        private final List<Sample> samples = new ArrayList<>();

        private Family(String type) {
            this.type = type;
        }

        public String type() {
            return type;
        }

        /** The names of its labels, without {@code le}. */
        public Set<String> labels() {
            return labels;
        }
    }

    private record Sample(String name, Map<String, String> labels, double value) {}

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\"";
    private static final String LABELS = "\\{(?:" + LABEL + "(?:," + LABEL + ")*)?}";
    private static final String NUMBER = "(?:[+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|[+-]Inf|NaN)";
    private static final Pattern SAMPLE = Pattern.compile(
            "(" + NAME + ")(" + LABELS + ")? (" + NUMBER + ")(?: # (" + LABELS + ") (" + NUMBER + ") (\\d+\\.\\d+))?");
    private static final Pattern ONE_LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern META = Pattern.compile("# (HELP|TYPE|UNIT) (" + NAME + ") (\\S.*)");
    private static final List<String> SUFFIXES = List.of("", "_bucket", "_count", "_sum", "_total", "_info");

    private final boolean openMetrics;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Set<String> helped = new HashSet<>();
    private final Set<String> series = new HashSet<>();
    private String current = "";

    private Exposition(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    /** The metrics by name, as {@code # TYPE} has it. */
    public static Map<String, Family> parse(String text, MetricsFormat format) {
        var exposition = new Exposition(format == MetricsFormat.OPEN_METRICS);
        exposition.read(text);
        exposition.families.forEach(Exposition::check);
        return exposition.families;
    }

    private void read(String text) {
        assertThat(text).endsWith(openMetrics ? "\n# EOF\n" : "\n").doesNotContain("\r");
        var lines = text.lines().toList();
        for (var line : openMetrics ? lines.subList(0, lines.size() - 1) : lines) {
            if (line.startsWith("#")) {
                meta(line);
            } else {
                sample(line);
            }
        }
    }

    private void meta(String line) {
        var meta = META.matcher(line);
        assertThat(meta.matches()).as(line).isTrue();
        var name = meta.group(2);
        if (meta.group(1).equals("HELP")) {
            assertThat(helped.add(name)).as("said twice: " + line).isTrue();
        } else if (meta.group(1).equals("TYPE")) {
            assertThat(families.put(name, new Family(meta.group(3))))
                    .as("said twice: " + line)
                    .isNull();
            current = name;
        }
    }

    private void sample(String line) {
        var match = SAMPLE.matcher(line);
        assertThat(match.matches()).as(line).isTrue();
        var name = match.group(1);
        assertThat(helped).as("without help: " + line).contains(current);
        assertThat(SUFFIXES.stream().map(suffix -> current + suffix))
                .as("not of " + current + ": " + line)
                .contains(name);
        assertThat(series.add(name + match.group(2))).as("said twice: " + line).isTrue();
        var labels = labels(match.group(2) == null ? "" : match.group(2));
        var family = requireNonNull(families.get(current));
        family.samples.add(new Sample(name, labels, number(match.group(3))));
        family.labels.addAll(labels.keySet());
        family.labels.remove("le");
        if (match.group(4) != null) {
            exemplar(line, match);
        }
    }

    private void exemplar(String line, Matcher match) {
        assertThat(openMetrics).as(line).isTrue();
        assertThat(match.group(1)).as(line).matches(".*_(bucket|total)");
        var size = labels(match.group(4)).entrySet().stream()
                .mapToInt(label -> label.getKey().length() + label.getValue().length())
                .sum();
        assertThat(size).as(line).isLessThanOrEqualTo(128);
    }

    private static Map<String, String> labels(String text) {
        var labels = new LinkedHashMap<String, String>();
        var each = ONE_LABEL.matcher(text);
        while (each.find()) {
            assertThat(labels.put(each.group(1), each.group(2)))
                    .as("twice: " + text)
                    .isNull();
        }
        return labels;
    }

    private static double number(String text) {
        return text.endsWith("Inf") ? Double.parseDouble(text.replace("Inf", "Infinity")) : Double.parseDouble(text);
    }

    private static void check(String name, Family family) {
        assertThat(family.samples).as(name + " has no samples").isNotEmpty();
        switch (family.type()) {
            case "counter" ->
                assertThat(family.samples)
                        .as(name)
                        .allMatch(sample -> sample.name().endsWith("_total") && sample.value() >= 0);
            case "histogram" ->
                bySeries(name, family).forEach((labels, samples) -> checkHistogram(name + labels, samples));
            case "gauge", "summary", "info" ->
                assertThat(family.samples).as(name).noneMatch(s -> Double.isNaN(s.value()));
            default -> throw new AssertionError(name + " is a " + family.type());
        }
    }

    private static Map<Map<String, String>, List<Sample>> bySeries(String name, Family family) {
        var series = new LinkedHashMap<Map<String, String>, List<Sample>>();
        for (var sample : family.samples) {
            var labels = new LinkedHashMap<>(sample.labels());
            assertThat(labels.remove("le") != null)
                    .as(name)
                    .isEqualTo(sample.name().endsWith("_bucket"));
            series.computeIfAbsent(labels, _ -> new ArrayList<>()).add(sample);
        }
        return series;
    }

    private static void checkHistogram(String name, List<Sample> samples) {
        var buckets = samples.stream()
                .filter(sample -> sample.name().endsWith("_bucket"))
                .toList();
        var bounds = buckets.stream()
                .map(sample -> number(requireNonNull(sample.labels().get("le"))))
                .toList();
        assertThat(bounds).as(name).isSorted().doesNotHaveDuplicates().endsWith(Double.POSITIVE_INFINITY);
        assertThat(buckets.stream().map(Sample::value).toList()).as(name).isSorted();
        assertThat(value("_count", samples))
                .as(name)
                .isEqualTo(buckets.getLast().value());
        assertThat(value("_sum", samples)).as(name).isNotNegative();
    }

    private static double value(String suffix, List<Sample> samples) {
        var found = samples.stream()
                .filter(sample -> sample.name().endsWith(suffix))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst().value();
    }
}
