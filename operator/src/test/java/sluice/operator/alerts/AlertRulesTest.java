package sluice.operator.alerts;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of every alert without a Prometheus. What they do is in AlertRulesIT. */
class AlertRulesTest {

    private static final Pattern SELECTOR = Pattern.compile("\\b(sluice_\\w+)(\\{[^}]*})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|on|ignoring|without|group_left)\\s*\\(([^)]*)\\)");
    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");

    /** What the scrape adds, and what a rule itself has made. */
    private static final Set<String> OTHER_LABELS = Set.of("namespace", "pod", "rollout", "le");

    private static String name(JsonNode alert) {
        return alert.path("alert").asText();
    }

    @Test
    void sayHowBadItIsWhatIsWrongAndWhereToReadOn() {
        assertThat(AlertFiles.alerts()).isNotEmpty().allSatisfy(alert -> {
            var annotations = alert.path("annotations");
            assertThat(alert.at("/labels/severity").asText()).as(name(alert)).isIn("warning", "critical");
            assertThat(annotations.path("summary").asText())
                    .as(name(alert))
                    .contains("{{")
                    .doesNotContain("\n");
            assertThat(annotations.path("runbook_url").asText())
                    .isEqualTo("docs/ONCALL_RUNBOOK.md#" + name(alert).toLowerCase(Locale.ROOT));
        });
    }

    @Test
    void haveATestThatFiresAndOneThatDoesNot() {
        assertThat(AlertFiles.alerts().map(AlertRulesTest::name).distinct()).allSatisfy(name -> {
            var tests = AlertFiles.alertTests()
                    .filter(test -> test.path("alertname").asText().equals(name))
                    .toList();
            assertThat(tests)
                    .as(name + " fires")
                    .anyMatch(test -> !test.path("exp_alerts").isEmpty());
            assertThat(tests)
                    .as(name + " does not fire")
                    .anyMatch(test -> test.path("exp_alerts").isEmpty());
        });
        assertThat(AlertFiles.alertTests()
                        .map(test -> test.path("alertname").asText())
                        .distinct())
                .as("a test of an alert that is not there can only find nothing")
                .isSubsetOf(AlertFiles.alerts().map(AlertRulesTest::name).toList());
    }

    @Test
    void askOnlyForMetricsLabelsAndValuesThatAreThere() throws IOException {
        var page = MetricsPage.read();
        var labels = new TreeSet<>(OTHER_LABELS);
        page.values().forEach(metric -> labels.addAll(metric.labels()));
        var expressions =
                AlertFiles.rules().map(rule -> rule.path("expr").asText()).toList();

        assertThat(expressions).isNotEmpty().allSatisfy(expression -> {
            SELECTOR.matcher(expression).results().forEach(selector -> {
                var metric = page.get(selector.group(1));
                assertThat(metric)
                        .as(selector.group(1) + " is not in docs/metrics.md")
                        .isNotNull();
                check(requireNonNull(metric), requireNonNull(selector.group(1)), selector.group(2));
            });
            assertThat(grouped(expression)).as(expression).isSubsetOf(labels);
        });
    }

    private static void check(MetricsPage.Metric metric, String name, @Nullable String matchers) {
        MATCHER.matcher(matchers == null ? "" : matchers).results().forEach(matcher -> {
            assertThat(metric.labels()).as(name).contains(matcher.group(1));
            assertThat(metric.words()).as(name).contains(matcher.group(3).split("\\|", -1));
        });
    }

    private static Set<String> grouped(String expression) {
        return GROUPING.matcher(TEXT.matcher(expression).replaceAll("\"\""))
                .results()
                .flatMap(labels -> Stream.of(labels.group(1).split(",", -1)))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toSet());
    }
}
