package sluice.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.operator.notify.SlackReceiver;

/** Where alerts go, asked of Alertmanager's own tool and of an Alertmanager. */
class AlertmanagerIT {

    private static final Duration LENIENT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Program amtool = new Program("amtool");

    @BeforeEach
    void lookForIt() {
        amtool = Program.installed("amtool");
    }

    @Test
    void takesTheConfigurationWhichHasNoAddressOfSlack() throws Exception {
        assertThat(amtool.succeed(AlertFiles.FOLDER, "check-config", "alertmanager.yaml"))
                .contains("SUCCESS");
        assertThat(AlertFiles.read(AlertFiles.FOLDER.resolve("alertmanager.yaml"))
                        .toString())
                .contains("slack_api_url_file")
                .doesNotContain("\"slack_api_url\"", "http://", "https://");
    }

    @ParameterizedTest
    @CsvSource({
        "slack-critical, severity=critical namespace=apps rollout=api alertname=SluiceServerErrors",
        "slack-warning,  severity=warning  namespace=apps rollout=api alertname=SluiceThrottled",
        "slack-critical, severity=critical namespace=sluice-system alertname=SluiceOperatorAbsent",
        "slack-critical, severity=critical alertname=SluiceOperatorAbsent",
        "slack-warning,  severity=warning  namespace=sluice-system certificate=serving alertname=SluiceCertificateExpiring",
        "slack-warning,  severity=warning  endpoint=/login alertname=SluiceWafBlocks",
        "slack-warning,  alertname=SomebodyElses",
    })
    void sendsEachToTheChannelOfItsSeverity(String receiver, String labels) throws Exception {
        var command =
                "config routes test --config.file=alertmanager.yaml --verify.receivers=" + receiver + " " + labels;
        assertThat(amtool.succeed(AlertFiles.FOLDER, command.split(" +", -1))).contains(receiver);
    }

    @Test
    void keepsQuietAboutTheWarningsOfARolloutThatIsCriticalAndOfNoOther() throws Exception {
        try (var slack = new SlackReceiver();
                var alertmanager = AlertmanagerProcess.start(folder, slack.url())) {
            await().atMost(LENIENT).until(alertmanager::isReady);
            alertmanager.alert(labels("SluiceServerErrors", "critical", "api"));
            alertmanager.alert(labels("SluiceThrottled", "warning", "api"));
            alertmanager.alert(labels("SluiceThrottled", "warning", "web"));
            alertmanager.alert(Map.of("alertname", "SluiceWafBlocks", "severity", "warning", "namespace", "apps"));
            alertmanager.alert(Map.of("alertname", "SluiceOperatorAbsent", "severity", "critical"));

            await().atMost(LENIENT).untilAsserted(() -> {
                assertThat(alertmanager.alerts())
                        .hasSize(5)
                        .allSatisfy(alert ->
                                assertThat(state(alert)).isEqualTo(isThrottledApi(alert) ? "suppressed" : "active"));
            });
        }
    }

    private static Map<String, String> labels(String name, String severity, String rollout) {
        return Map.of("alertname", name, "severity", severity, "namespace", "apps", "rollout", rollout);
    }

    private static String state(JsonNode alert) {
        return alert.at("/status/state").asText();
    }

    private static boolean isThrottledApi(JsonNode alert) {
        return alert.at("/labels/rollout").asText().equals("api")
                && alert.at("/labels/severity").asText().equals("warning");
    }
}
