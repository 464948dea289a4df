package sluice.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Dashboards;
import sluice.observability.dashboard.Panel;
import sluice.observability.dashboard.Query;
import sluice.observability.dashboard.Threshold;
import sluice.observability.dashboard.Variable;
import sluice.operator.api.v1alpha1.Limit;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** What every dashboard and panel must have to be of use at three in the morning. */
class DashboardsTest {

    private static final Path DEMO =
            Path.of("..", "e2e", "scenarios", "src", "main", "resources", "sluice", "e2e", "rollout", "rollout.yaml");
    private static final int MOST_PANELS = 12;
    private static final Pattern METRIC = Pattern.compile("\\b(?:sluice|jvm|process)_\\w+");
    private static final Pattern VARIABLE = Pattern.compile("\\$([a-z]\\w*)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

    static Iterable<Dashboard> dashboards() {
        return Dashboards.all();
    }

    @Test
    void thereAreSixWithUidsOfTheirOwn() {
        assertThat(Dashboards.all())
                .extracting(Dashboard::uid)
                .doesNotHaveDuplicates()
                .hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void showsNoMoreThanOneCanLookAt(Dashboard dashboard) {
        assertThat(dashboard.panels()).hasSizeBetween(8, MOST_PANELS);
        assertThat(dashboard.panels().map(Panel::title)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void saysOfEachPanelWhatIsGoodAndOfEachQueryWhatItIs(Dashboard dashboard) {
        assertThat(dashboard.panels()).allSatisfy(panel -> {
            assertThat(panel.description()).as(panel.title()).contains("Good: ").hasSizeBetween(60, 260);
            assertThat(panel.queries())
                    .as(panel.title())
                    .isNotEmpty()
                    .allSatisfy(query -> assertThat(query.legend()).isNotBlank());
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void hasThresholdsInTheirOrder(Dashboard dashboard) {
        assertThat(dashboard.panels())
                .allSatisfy(panel -> assertThat(panel.thresholds().stream().map(Threshold::from))
                        .as(panel.title())
                        .isSorted()
                        .doesNotHaveDuplicates());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void asksForNothingButDocumentedMetrics(Dashboard dashboard) {
        var known = MetricsPage.read().keySet();
        assertThat(promql(dashboard).flatMap(DashboardsTest::metrics))
                .isNotEmpty()
                .allMatch(name -> known.contains(name) || known.contains(family(name)));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void groupsByWhatItsLegendsName(Dashboard dashboard) {
        var labels = MetricsPage.read().values().stream()
                .flatMap(metric -> metric.labels().stream())
                .collect(Collectors.toSet());
        labels.addAll(Set.of("namespace", "pod", "rollout"));
        assertThat(dashboard.panels().flatMap(panel -> panel.queries().stream()).map(Query::legend))
                .allSatisfy(
                        legend -> assertThat(LEGEND.matcher(legend).results().map(label -> label.group(1)))
                                .allMatch(labels::contains));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void addsNeitherRolloutsNorTheirArmsUpWhereOneIsMeant(Dashboard dashboard) {
        assertThat(dashboard.panels().flatMap(panel -> panel.queries().stream()))
                // A sum of all is how many rollouts there are.
                .filteredOn(query -> query.legend().contains("{{arm}}")
                        || (query.promql().contains("sluice_operator_rollout_")
                                && !query.promql().startsWith("sum(")))
                .allSatisfy(query -> assertThat(query.legend()).contains("{{rollout}}"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void usesEachVariableThatItHasAndNoOther(Dashboard dashboard) {
        var used = promql(dashboard)
                .flatMap(query -> VARIABLE.matcher(query).results())
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(HashSet::new));
        assertThat(used)
                .containsExactlyInAnyOrderElementsOf(
                        dashboard.variables().stream().map(Variable::name).toList());
    }

    /** Whose pictures have data for every query only then. */
    @Test
    void findsTheDemonstrationsLimitsOnLoginAndSignup() throws IOException {
        try (var demo = Files.newInputStream(DEMO)) {
            var limits = Serialization.unmarshal(demo, RateLimitRollout.class).getSpec().limiter().limits().stream()
                    .map(Limit::name)
                    .toList();
            assertThat(limits).filteredOn(name -> name.matches(value("login"))).containsExactly("login");
            assertThat(limits).filteredOn(name -> name.matches(value("signup"))).containsExactly("signup");
        }
    }

    private static String value(String variable) {
        return Dashboards.all().stream()
                .flatMap(dashboard -> dashboard.variables().stream())
                .filter(each -> each.name().equals(variable))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static Stream<String> promql(Dashboard dashboard) {
        return Stream.concat(
                dashboard.panels().flatMap(panel -> panel.queries().stream()).map(Query::promql),
                dashboard.annotations().stream().map(annotation -> annotation.promql()));
    }

    private static Stream<String> metrics(String promql) {
        return METRIC.matcher(promql).results().map(name -> name.group());
    }

    private static String family(String sample) {
        return sample.replaceFirst("_(bucket|count|sum)$", "");
    }
}
