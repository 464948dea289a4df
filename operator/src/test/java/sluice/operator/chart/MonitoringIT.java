package sluice.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the chart makes for the Prometheus Operator, whose resources need not be known to a cluster that has none. */
class MonitoringIT {

    private static final Path CHART = Path.of(Helm.CHART);
    private static final JsonMapper JSON = new JsonMapper();

    private static List<JsonNode> rendered(String kind, String... settings) {
        return Helm.offline().render(settings).stream()
                .filter(object -> object.getKind().equals(kind))
                .map(MonitoringIT::json)
                .toList();
    }

    private static JsonNode json(HasMetadata object) {
        return JSON.valueToTree(object);
    }

    private static JsonNode groups(String file) throws IOException {
        return groupsOf(Files.readString(CHART.resolve("alerts").resolve(file)));
    }

    private static JsonNode groupsOf(String rules) throws IOException {
        return new YAMLMapper().readTree(rules).path("groups");
    }

    @Test
    void makesNothingForItUnlessToldTo() {
        assertThat(Stream.of("PrometheusRule", "Probe", "PodMonitor").flatMap(kind -> rendered(kind).stream()))
                .isEmpty();
    }

    @Test
    void makesTheRulesOfTheFileWhichPrometheusLoadsAsItIs() throws IOException {
        var rules = rendered("PrometheusRule", "prometheusRule.enabled=true");
        assertThat(rules)
                .singleElement()
                .satisfies(rule -> assertThat(rule.at("/spec/groups")).isEqualTo(groups("rules.yaml")));
    }

    @Test
    void takesTheRunbooksAddressAndTheWindowOfRatesFromValues() throws IOException {
        var rules = rendered(
                "PrometheusRule",
                "prometheusRule={\"enabled\":true,\"runbookUrl\":\"https://wiki.example/oncall\",\"rateWindow\":\"2m\",\"labels\":{\"release\":\"prometheus\"}}");
        var wanted = Files.readString(CHART.resolve("alerts/rules.yaml"))
                .replace("docs/ONCALL_RUNBOOK.md", "https://wiki.example/oncall")
                .replace("[1m]", "[2m]");
        assertThat(rules).singleElement().satisfies(rule -> {
            assertThat(rule.at("/spec/groups")).isEqualTo(groupsOf(wanted));
            assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        });
        assertThatThrownBy(() -> Helm.offline().render("prometheusRule.rateWindow=\"often\""))
                .hasMessageContaining("rateWindow");
        assertThatThrownBy(() -> Helm.offline().render("prometheusRule.runbookUrl=\"@wiki\""))
                .hasMessageContaining("runbookUrl");
        assertThatThrownBy(() -> Helm.offline().render("prometheusRule.runbookUrl=\"\""))
                .hasMessageContaining("runbookUrl");
    }

    @Test
    void refusesAWindowThatIsTooShortForTheScrape() {
        var settings = "podMonitor={\"enabled\":true,\"interval\":\"%s\"}";
        var window = "prometheusRule={\"enabled\":true,\"rateWindow\":\"%s\"}";

        assertThat(rendered("PrometheusRule", settings.formatted("15s"), window.formatted("60s")))
                .hasSize(1);
        assertThat(rendered("PrometheusRule", settings.formatted("1m30s"), window.formatted("0h6m")))
                .hasSize(1);
        for (var shorter : List.of("59s", "59s999ms", "1s")) {
            assertThatThrownBy(() -> Helm.offline().render(settings.formatted("15s"), window.formatted(shorter)))
                    .hasMessageContaining("rateWindow is " + shorter)
                    .hasMessageContaining("podMonitor.interval is 15s");
        }
        assertThatThrownBy(() -> Helm.offline().render(settings.formatted("60s"), "prometheusRule.enabled=true"))
                .hasMessageContaining("rateWindow is 1m")
                .hasMessageContaining("podMonitor.interval is 60s");
    }

    @Test
    void refusesATimeOfNothing() {
        for (var nothing : List.of("0s", "0m0s")) {
            assertThatThrownBy(() -> Helm.offline().render("prometheusRule.rateWindow=\"" + nothing + "\""))
                    .hasMessageContaining("rateWindow");
            assertThatThrownBy(() -> Helm.offline().render("podMonitor.interval=\"" + nothing + "\""))
                    .hasMessageContaining("interval");
        }
    }

    @Test
    void makesAProbeOfEachCheckAndTheirAlerts() throws IOException {
        var settings = new String[] {
            "synthetics={\"enabled\":true,\"target\":\"https://api.example/\"}", "prometheusRule.enabled=true"
        };
        var checks = JSON.readTree(CHART.resolve("synthetics/synthetics.json").toFile());
        var probes = rendered("Probe", settings);

        assertThat(probes).hasSize(checks.path("checks").size());
        for (var i = 0; i < probes.size(); i++) {
            var check = checks.path("checks").get(i);
            var spec = probes.get(i).path("spec");
            assertThat(spec.path("interval").asText()).isEqualTo("1m");
            assertThat(spec.path("module")).isEqualTo(check.path("module"));
            assertThat(spec.at("/targets/staticConfig/static/0").asText())
                    .isEqualTo("https://api.example" + check.path("path").asText());
            assertThat(spec.at("/targets/staticConfig/labels/check")).isEqualTo(check.path("name"));
        }
        assertThat(rendered("PrometheusRule", settings))
                .anySatisfy(rule -> assertThat(rule.at("/spec/groups")).isEqualTo(groups("synthetics.yaml")));
        assertThatThrownBy(() -> Helm.offline().render("synthetics.target=\"http://api.example\""))
                .hasMessageContaining("target");
    }
}
