package sluice.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AlertsPartTest {
    private static final String RULES = """
            - name: sluice.rules
              rules:
              - {name: LimiterInFallback, query: 'sluice_fallback_active > 0', duration: 60, labels: {severity: page}, lastEvaluation: '2026-01-01T00:00:00Z'}
            - name: sluice-operator
              rules:
              - {name: OperatorAbsent, query: 'absent(sluice_operator_leader)'}
            - name: another team
              rules:
              - {name: MuchIsThrottled, query: 'sum by (namespace) (sluice_decisions_total) > 1'}
            - name: node
              rules:
              - {name: DiskFull, query: disk_free < 1}
            """;
    private static final String ALERTS = """
            - {labels: {alertname: LimiterInFallback, namespace: apps, rollout: api}, state: firing, activeAt: '2026-01-01T00:00:00Z', annotations: {summary: <b>Redis</b>}}
            - {labels: {alertname: LimiterInFallback, namespace: others, rollout: api}, state: firing}
            - {labels: {alertname: LimiterInFallback, namespace: apps, rollout: other}, state: firing}
            - {labels: {alertname: DiskFull}, state: firing}
            - {labels: {alertname: MuchIsThrottled, namespace: others}, state: firing}
            """;

    private static JsonNode yaml(String text) throws IOException {
        return new YAMLMapper().readTree(text);
    }

    @Test
    void keepsWhatIsAboutThisRolloutAndNothingOfOthers() throws IOException {
        var files = new EvidenceFolder();
        var section = new AlertsPart("apps", "api", "sluice-system")
                .add(new PrometheusAlerts(yaml(RULES), yaml(ALERTS)), files);

        assertThat(section.notRun()).isEmpty();
        assertThat(section.markup().toString()).contains("3 rules, 1 alerts on", "&lt;b&gt;Redis&lt;/b&gt;");
        assertThat(new String(files.files().get("alerts.json"), UTF_8))
                .contains("LimiterInFallback", "firing")
                .doesNotContain("others", "DiskFull", "lastEvaluation");
    }

    @Test
    void keepsWhatIsAboutTheOperator() throws IOException {
        var files = new EvidenceFolder();
        var alerts = yaml("[{labels: {alertname: OperatorAbsent, namespace: sluice-system}, state: firing}]");
        var section =
                new AlertsPart("apps", "api", "sluice-system").add(new PrometheusAlerts(yaml(RULES), alerts), files);

        assertThat(section.markup().toString()).contains("3 rules, 1 alerts on", "OperatorAbsent");
        assertThat(new String(files.files().get("alerts.json"), UTF_8)).contains("sluice-system", "firing");
    }

    @Test
    void leavesOutWhatIsAboutAnotherInstallation() throws IOException {
        var rules = yaml("[{name: sluice-synthetics, rules: [{name: ProbeFailing, query: probe_success == 0}]}]");
        var alerts = yaml("""
                - {labels: {alertname: ProbeFailing, namespace: sluice-system, check: own}, state: firing}
                - {labels: {alertname: ProbeFailing, namespace: sluice-of-others, check: foreign}, state: firing}
                """);
        var files = new EvidenceFolder();
        new AlertsPart("apps", "api", "sluice-system").add(new PrometheusAlerts(rules, alerts), files);

        assertThat(new String(files.files().get("alerts.json"), UTF_8))
                .contains("own")
                .doesNotContain("foreign");
    }

    @Test
    void saysThatThereAreNoRules() throws IOException {
        var section = new AlertsPart("apps", "api", "sluice-system")
                .add(new PrometheusAlerts(yaml("[]"), yaml("[]")), new EvidenceFolder());
        assertThat(section.notRun()).containsExactly("this Prometheus has no rule about a metric of Sluice's");
    }
}
