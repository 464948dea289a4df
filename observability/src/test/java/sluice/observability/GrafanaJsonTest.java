package sluice.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Dashboards;
import sluice.observability.dashboard.GrafanaJson;
import sluice.observability.dashboard.Unit;

/** What Grafana's classic schema asks of a dashboard. */
class GrafanaJsonTest {

    private static final int COLUMNS = 24;

    static Iterable<Dashboard> dashboards() {
        return Dashboards.all();
    }

    private static JsonNode json(Dashboard dashboard) throws IOException {
        return new ObjectMapper().readTree(GrafanaJson.of(dashboard));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void looksBackAnHourOrADay(Dashboard dashboard) throws IOException {
        var json = json(dashboard);
        assertThat(json.at("/time/from").asText()).isEqualTo("now-1h");
        assertThat(json.at("/timepicker/quick_ranges"))
                .extracting(range -> range.path("from").asText())
                .containsExactly("now-1h", "now-24h");
        assertThat(json.at("/schemaVersion").asInt()).isPositive();
        assertThat(json.path("uid").asText()).hasSizeLessThanOrEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void asksTheDataSourceThatIsChosen(Dashboard dashboard) throws IOException {
        var json = json(dashboard);
        assertThat(json.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        assertThat(json.findValues("datasource")).isNotEmpty().allSatisfy(source -> {
            assertThat(source.path("type").asText()).isEqualTo("prometheus");
            assertThat(source.path("uid").asText()).isEqualTo("${datasource}");
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void placesPanelsBesideEachOtherAndNeverOverEachOther(Dashboard dashboard) throws IOException {
        var taken = new HashSet<List<Integer>>();
        var ids = new HashSet<Integer>();
        for (var panel : json(dashboard).path("panels")) {
            assertThat(ids.add(panel.path("id").asInt()))
                    .as(panel.path("title").asText())
                    .isTrue();
            assertThat(taken).as(panel.path("title").asText()).doesNotContainAnyElementsOf(cells(panel));
            taken.addAll(cells(panel));
        }
        assertThat(ids)
                .hasSize((int) dashboard.panels().count() + dashboard.rows().size());
        assertThat(taken).allMatch(cell -> cell.getFirst() < COLUMNS);
    }

    private static List<List<Integer>> cells(JsonNode panel) {
        var place = panel.path("gridPos");
        var cells = new ArrayList<List<Integer>>();
        for (var x = 0; x < place.path("w").asInt(); x++) {
            for (var y = 0; y < place.path("h").asInt(); y++) {
                cells.add(List.of(place.path("x").asInt() + x, place.path("y").asInt() + y));
            }
        }
        return cells;
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void givesEachPanelWhatItsKindNeeds(Dashboard dashboard) throws IOException {
        for (var panel : json(dashboard).path("panels")) {
            var title = panel.path("title").asText();
            assertThat(panel.path("type").asText()).as(title).isIn(Set.of("row", "timeseries", "stat"));
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                        .as(title)
                        .isNotBlank();
                assertThat(refIds(panel)).as(title).isNotEmpty().doesNotHaveDuplicates();
                assertThat(steps(panel).getFirst().path("value").isNull())
                        .as(title)
                        .isTrue();
                assertThat(steps(panel).stream().skip(1))
                        .as(title)
                        .allMatch(step -> step.path("value").isNumber());
            }
        }
    }

    /** A candidate that throttles less than the stable limiter has a difference below nothing, and that is to be seen. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void cutsNoGraphOffAtNothing(Dashboard dashboard) throws IOException {
        for (var panel : json(dashboard).path("panels")) {
            if (panel.path("type").asText().equals("timeseries")) {
                var defaults = panel.at("/fieldConfig/defaults");
                assertThat(defaults.has("min")).as(panel.path("title").asText()).isFalse();
                if (defaults.path("unit").asText().equals(Unit.RATIO.grafana())) {
                    assertThat(defaults.at("/custom/axisSoftMin"))
                            .as(panel.path("title").asText())
                            .hasToString("0");
                }
            }
        }
    }

    private static Stream<String> refIds(JsonNode panel) {
        return panel.path("targets")
                .valueStream()
                .map(target -> target.path("refId").asText());
    }

    private static List<JsonNode> steps(JsonNode panel) {
        return panel.at("/fieldConfig/defaults/thresholds/steps").valueStream().toList();
    }
}
