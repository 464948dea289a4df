package sluice.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunbookTest {

    private static final Path DEMO =
            Path.of("..", "e2e", "scenarios", "src", "main", "resources", "sluice", "e2e", "rollout", "rollout.yaml");

    @Test
    void hasASectionForEveryAlertAndForNothingElse() {
        assertThat(Runbook.alerts())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(AlertFiles.alerts()
                        .map(alert -> alert.path("alert").asText())
                        .distinct()
                        .toList());
    }

    @Test
    void hasTheRollbackTriggersOfTheDemosRollout() {
        var stopLoss = AlertFiles.read(DEMO).at("/spec/stopLoss");
        var wanted = new ArrayList<List<String>>();
        stopLoss.path("rules")
                .forEach(rule -> wanted.add(List.of(
                        rule.path("signal").asText(),
                        threshold(rule),
                        rule.path("for").asText())));
        wanted.add(List.of("no data", "", stopLoss.at("/noData/rollBackAfter").asText()));
        wanted.add(List.of("no progress", "", stopLoss.path("progressDeadline").asText()));
        wanted.add(List.of(
                "no word from the operator, in each sidecar",
                "",
                stopLoss.path("deadManSwitch").asText()));

        assertThat(Runbook.table("Rollback triggers")).isEqualTo(wanted);
    }

    private static String threshold(JsonNode rule) {
        return rule.has("timesBaseline")
                ? "%s times the baseline, and %s"
                        .formatted(
                                rule.path("timesBaseline").asText(),
                                rule.path("minimum").asText())
                : rule.path("threshold").asText();
    }

    /** How often an alert is told again is Alertmanager's to decide. */
    @Test
    void saysWhichChannelsAreTold() {
        var alertmanager =
                AlertFiles.read(AlertFiles.FOLDER.resolve("alertmanager.yaml")).toString();
        assertThat(Runbook.table("Where alerts go"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(alertmanager)
                        .contains("\"channel\":\"" + row.get(1).replace("`", "") + "\"")
                        .contains("\"repeat_interval\":\"" + row.get(2).replace(" ", "") + "\""));
    }
}
