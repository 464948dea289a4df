package sluice.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.notify.SlackReceiver;
import sluice.operator.prometheus.SidecarPage;
import sluice.operator.prometheus.SidecarPage.Arm;
import sluice.operator.testing.ChildProcess;
import sluice.operator.testing.FreePort;

/** From a sidecar's metrics to a channel: a real Prometheus with the rules, a real Alertmanager with its configuration, and who stands in for Slack. */
class AlertDeliveryIT {

    private static final Duration LENIENT = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @BeforeEach
    void lookForThem() {
        Program.installed("prometheus");
        Program.installed("prometheus-alertmanager");
    }

    @Test
    void tellsTheChannelOnceForEachRolloutWhatIsWrongAndWhenItIsOver() throws Exception {
        try (var slack = new SlackReceiver();
                var healthy = new SidecarPage(Arm.healthy("web", "stable", "off"));
                var alertmanager = AlertmanagerProcess.start(folder, slack.url())) {
            var broken = new SidecarPage(new Arm("api", "candidate", "new", 100, 0.05, 0.2, 0.01, 0.05));
            try (var prometheus = prometheus(alertmanager, broken, healthy)) {
                try (broken) {
                    await().atMost(LENIENT).until(() -> prometheus.runs() && alertmanager.isReady());
                    await().atMost(LENIENT).until(() -> messages(slack).anyMatch(AlertDeliveryIT::hasBoth));
                }
                await().atMost(LENIENT)
                        .until(() ->
                                messages(slack).anyMatch(each -> title(each).startsWith("RESOLVED apps/api:")));
            }
            var message =
                    messages(slack).filter(AlertDeliveryIT::hasBoth).findFirst().orElseThrow();
            assertThat(message.path("channel").asText()).isEqualTo("#oncall");
            assertThat(title(message)).startsWith("CRITICAL apps/api:");
            assertThat(text(message))
                    .containsPattern("apps/api: [45]\\.?\\d*% of the answers to the candidate arm are 5xx, over 1%")
                    .containsPattern("apps/api: P95 of the candidate arm is \\d+\\.?\\d*ms, over 300ms")
                    .contains("docs/ONCALL_RUNBOOK.md#sluiceservererrors");
            assertThat(messages(slack)).noneMatch(each -> each.toString().contains("apps/web"));
        }
    }

    private static Stream<JsonNode> messages(SlackReceiver slack) {
        return slack.asked().stream().map(SlackReceiver.Message::body);
    }

    private static boolean hasBoth(JsonNode message) {
        return title(message).contains("SluiceServerErrors") && title(message).contains("SluiceLatencyHigh");
    }

    private static String title(JsonNode message) {
        return message.at("/attachments/0/title").asText();
    }

    private static String text(JsonNode message) {
        return message.at("/attachments/0/text").asText();
    }

    /** With the rules as they are, but that they wait for a second and look back for five. */
    private ChildProcess prometheus(AlertmanagerProcess alertmanager, SidecarPage... pages) throws IOException {
        var rules = Files.writeString(
                folder.resolve("rules.yaml"),
                Files.readString(AlertFiles.FOLDER.resolve("rules.yaml"))
                        .replaceAll("for: \\d+m", "for: 1s")
                        .replace("[1m]", "[5s]"));
        var targets = Stream.of(pages).map(page -> "'" + page.address() + "'").toList();
        var config = Files.writeString(
                folder.resolve("prometheus.yaml"), """
                global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                rule_files: [%s]
                alerting: {alertmanagers: [{static_configs: [{targets: ['%s']}]}]}
                scrape_configs:
                - job_name: sidecars
                  static_configs: [{targets: %s, labels: {namespace: apps}}]
                """.formatted(rules, alertmanager.address(), targets));
        return ChildProcess.start(
                folder,
                List.of(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + FreePort.find(),
                        "--log.level=warn"));
    }
}
