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
            - name: node
              rules:
              - {name: DiskFull, query: disk_free < 1}
            """;
    private static final String ALERTS = """
            - {labels: {alertname: LimiterInFallback, namespace: apps, rollout: api}, state: firing, activeAt: '2026-01-01T00:00:00Z', annotations: {summary: <b>Redis</b>}}
            - {labels: {alertname: LimiterInFallback, namespace: others, rollout: api}, state: firing}
            - {labels: {alertname: LimiterInFallback, namespace: apps, rollout: other}, state: firing}
            - {labels: {alertname: DiskFull}, state: firing}
            """;

    private static JsonNode yaml(String text) throws IOException {
        return new YAMLMapper().readTree(text);
    }

    @Test
    void keepsWhatIsAboutThisRolloutAndNothingOfOthers() throws IOException {
        var files = new EvidenceFolder();
        var section = new AlertsPart("apps", "api").add(new PrometheusAlerts(yaml(RULES), yaml(ALERTS)), files);

        assertThat(section.notRun()).isEmpty();
        assertThat(section.markup().toString()).contains("1 rules, 1 alerts on", "&lt;b&gt;Redis&lt;/b&gt;");
        assertThat(new String(files.files().get("alerts.json"), UTF_8))
                .contains("LimiterInFallback", "firing")
                .doesNotContain("others", "DiskFull", "lastEvaluation");
    }

    @Test
    void saysThatThereAreNoRules() throws IOException {
        var section =
                new AlertsPart("apps", "api").add(new PrometheusAlerts(yaml("[]"), yaml("[]")), new EvidenceFolder());
        assertThat(section.notRun()).containsExactly("this Prometheus has no rule about a metric of Sluice's");
    }
}
