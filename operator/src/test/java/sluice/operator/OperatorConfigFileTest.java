package sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sluice.operator.notify.SlackSettings;
import sluice.operator.prometheus.PrometheusProvider;
import sluice.operator.reconcile.ReportLink;

class OperatorConfigFileTest {

    private static final String SHORTEST = """
            namespace: sluice-system
            sidecarImage: sluice/limiter-sidecar:0.1.0
            controlUrl: https://sluice-control.sluice-system.svc:9443
            """;

    @Test
    void theArchitecturePageHasEveryFieldAndNoOther() throws IOException {
        var page = Files.readString(Path.of("../docs/architecture.md"));
        var begin = page.indexOf("```yaml\nnamespace:") + "```yaml\n".length();
        var example = page.substring(begin, page.indexOf("```", begin));

        OperatorConfigFile.parse(example);

        assertThat(new YAMLMapper().readTree(example).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(OperatorConfig.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    @Test
    void readsTheDocumentedFile() {
        var config = OperatorConfigFile.parse("""
                namespace: sluice-system
                sidecarImage: sluice/limiter-sidecar:0.1.0
                imagePullPolicy: IfNotPresent
                prometheus: {providers: {default: {url: "http://prometheus.monitoring.svc:9090", scrapeInterval: 15s}}}
                slack: {tokenFile: /etc/sluice-slack/token, channels: ["#oncall", "#team-*"]}
                leaderElection: {leaseDuration: 15s, renewDeadline: 10s, retryPeriod: 2s}
                controlUrl: https://sluice-control.sluice-system.svc:9443
                watchNamespaces: []        # empty: all
                """);

        assertThat(config.prometheus().providers())
                .isEqualTo(Map.of(
                        "default",
                        new PrometheusProvider(
                                URI.create("http://prometheus.monitoring.svc:9090"), Duration.ofSeconds(15))));
        assertThat(config.slack().tokenFile()).isEqualTo(Path.of("/etc/sluice-slack/token"));
        assertThat(config.slack().url()).hasToString("https://slack.com/api/chat.postMessage");
        assertThat(config.slack().channels()).containsExactly("#oncall", "#team-*");
        assertThat(config.leaderElection()).isEqualTo(LeaderElectionSettings.defaults());
        assertThat(config.ports().control()).isEqualTo(9443);
        assertThat(config.injection().image()).isEqualTo("sluice/limiter-sidecar:0.1.0");
    }

    @Test
    void fillsInDefaults() {
        var config = OperatorConfigFile.parse(SHORTEST);

        assertThat(config.imagePullPolicy()).isEqualTo("IfNotPresent");
        assertThat(config.watchNamespaces()).isEmpty();
        assertThat(config.slack()).isEqualTo(SlackSettings.NONE);
        assertThat(config.leaderElection().leaseDuration()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void refusesAFieldItDoesNotKnow() {
        assertThatThrownBy(() -> OperatorConfigFile.parse(SHORTEST + "leaderElektion: {}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leaderElektion: is not known")
                .hasMessageContaining("leaderElection");
    }

    @Test
    void saysWhichFieldIsMissingAndWhatItCouldBe() {
        assertThatThrownBy(() -> OperatorConfigFile.parse("namespace: sluice-system"))
                .hasMessage("sidecarImage: is missing; set it, for example to sluice/limiter-sidecar:0.1.0");
    }

    @Test
    void refusesADurationThatIsNone() {
        assertThatThrownBy(() -> OperatorConfigFile.parse(SHORTEST + "leaderElection: {leaseDuration: 15}"))
                .hasMessageContaining("leaderElection.leaseDuration")
                .hasMessageContaining("'15' is not a duration like 300ms");
    }

    @Test
    void refusesALeaseThatIsNoLongerThanItsRenewal() {
        assertThatThrownBy(() -> OperatorConfigFile.parse(SHORTEST + "leaderElection: {leaseDuration: 10s}"))
                .hasMessage("leaderElection.renewDeadline: must be shorter than leaseDuration");
    }

    @Test
    void refusesAPrometheusThatIsNoHttpAddress() {
        assertThatThrownBy(() -> OperatorConfigFile.parse(SHORTEST
                        + "prometheus: {providers: {default: {url: \"file:///etc/passwd\", scrapeInterval: 15s}}}"))
                .hasMessageContaining("prometheus")
                .hasMessageContaining("http");
    }

    @Test
    void allowsQueriesOnlyWhereItIsTold() {
        var providers = OperatorConfigFile.parse(SHORTEST + """
                        prometheus:
                          providers:
                            shared: {url: "http://shared:9090", scrapeInterval: 15s}
                            own: {url: "http://own:9090", scrapeInterval: 15s, allowQueries: true}
                        """).prometheus().providers();
        assertThat(providers.get("shared")).returns(false, PrometheusProvider::allowQueries);
        assertThat(providers.get("own")).returns(true, PrometheusProvider::allowQueries);
    }

    @Test
    void takesAFileOfAutonomousSystemsAndWhomToAskAboutNetworks() {
        var prometheus = "prometheus: {providers: {default: {url: \"http://prometheus:9090\", scrapeInterval: 15s}}}\n";
        var file = Path.of("/etc/sluice-asn/asn.mmdb");

        assertThat(OperatorConfigFile.parse(SHORTEST).asn()).isNull();
        assertThat(OperatorConfigFile.parse(SHORTEST + prometheus + "asn: {file: /etc/sluice-asn/asn.mmdb}")
                        .asn())
                .isEqualTo(new OperatorConfig.Asn(file, "default"));
        assertThatThrownBy(() -> OperatorConfigFile.parse(SHORTEST + prometheus + "asn: {prometheus: default}"))
                .hasMessageContaining("asn.file: is missing");
        assertThatThrownBy(() -> OperatorConfigFile.parse(
                        SHORTEST + prometheus + "asn: {file: /etc/sluice-asn/asn.mmdb, prometheus: other}"))
                .hasMessageContaining("asn.prometheus: there is no 'other' in prometheus.providers, but [default]");
    }

    @Test
    void refusesAStreamWithoutTls() {
        assertThatThrownBy(() -> OperatorConfigFile.parse(SHORTEST.replace("https:", "http:")))
                .hasMessageContaining("controlUrl: must start with https://");
    }

    @Test
    void refusesASlackThatWouldGetItsTokenInPlainText() {
        assertThatThrownBy(() -> OperatorConfigFile.parse(
                        SHORTEST + "slack: {tokenFile: /etc/sluice-slack/token, url: \"http://slack.example\"}"))
                .hasMessageContaining("slack.url: must begin with https://");
    }

    @Test
    void readsWhereReportsAre() {
        assertThat(OperatorConfigFile.parse(SHORTEST).reports()).isEqualTo(ReportLink.NONE);
        assertThat(OperatorConfigFile.parse(SHORTEST + "notifications: {reportUrl: ''}")
                        .reports())
                .isEqualTo(ReportLink.NONE);
        var config =
                OperatorConfigFile.parse(SHORTEST + "notifications: {reportUrl: 'https://reports.example/{name}'}");
        assertThat(config.reports()).isEqualTo(ReportLink.of("https://reports.example/{name}"));
    }

    @Test
    void refusesAPlaceOfReportsThatIsNoAddress() {
        assertThatThrownBy(() -> OperatorConfigFile.parse(
                        SHORTEST + "notifications: {reportUrl: 'https://reports.example/{uid}'}"))
                .hasMessageContaining("notifications.reportUrl: 'https://reports.example/{uid}' is no address such as")
                .hasMessageContaining("{namespace}/{name}/{revision}");
    }

    @Test
    void refusesTheSameFieldTwice() {
        assertThatThrownBy(() -> OperatorConfigFile.parse(SHORTEST + "namespace: other"))
                .hasMessageContaining("Duplicate field 'namespace'");
    }
}
