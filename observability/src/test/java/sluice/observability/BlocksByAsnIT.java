package sluice.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.observability.dashboard.Choices;
import sluice.observability.dashboard.Dashboards;

/** What the WAF dashboard makes of blocks by network and of what the operator says of networks; by Prometheus' own tests of queries. */
class BlocksByAsnIT {

    private static final Choices CHOICES = new Choices(Map.of(), Duration.ofMinutes(5));
    private static final String BLOCKS = """
              - {series: 'sluice_waf_network_blocks_total{rule="942100",network="192.0.2.0/24"}', values: '0+60x10'}
              - {series: 'sluice_waf_network_blocks_total{rule="941100",network="192.0.2.0/24"}', values: '0+60x10'}
              - {series: 'sluice_waf_network_blocks_total{rule="941100",network="2001:db8::/48"}', values: '0+60x10'}
              - {series: 'sluice_waf_network_blocks_total{rule="942100",network="203.0.113.0/24"}', values: '0+180x10'}
              - {series: 'sluice_waf_network_blocks_total{rule="942100",network="10.0.0.0/24"}', values: '0+60x10'}
            """;

    @TempDir
    private Path folder;

    private String answered(String series, Map<String, Integer> expected) throws IOException, InterruptedException {
        var samples = new StringBuilder();
        expected.forEach(
                (labels, value) -> samples.append("    - {labels: '%s', value: %d}\n".formatted(labels, value)));
        var file = Files.writeString(
                folder.resolve("tests.yaml"),
                "tests:\n- interval: 1m\n  input_series:\n%s%s  promql_expr_test:\n  - eval_time: 10m\n    expr: '%s'\n    exp_samples:\n%s"
                        .formatted(BLOCKS, series, query(), samples));
        var said = folder.resolve("promtool.log");
        var promtool = new ProcessBuilder("promtool", "test", "rules", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(said);
    }

    private static String query() {
        var waf = Dashboards.all().stream()
                .filter(dashboard -> dashboard.uid().equals("sluice-waf"))
                .findFirst()
                .orElseThrow();
        var panel = waf.panels()
                .filter(each -> each.title().equals("By ASN"))
                .findFirst()
                .orElseThrow();
        return CHOICES.fill(waf, panel.queries().getFirst().promql());
    }

    private static String says(String pod, String network, String owner) {
        return "  - {series: 'sluice_operator_network_asn{pod=\"%s\",network=\"%s\",%s}', values: '1x10'}\n"
                .formatted(pod, network, owner);
    }

    @Test
    void addsUpTheNetworksOfAnOwnerAndAllThatNobodyKnows() throws Exception {
        var one = "asn=\"AS64500\",organization=\"One\"";
        var series = says("a", "192.0.2.0/24", one)
                + says("a", "2001:db8::/48", one)
                + says("a", "10.0.0.0/24", "asn=\"unknown\",organization=\"\"")
                // As another replica begins to lead.
                + says("b", "192.0.2.0/24", one);
        assertThat(answered(series, Map.of("{asn=\"AS64500\",organization=\"One\"}", 3, "{asn=\"unknown\"}", 4)))
                .contains("SUCCESS");
    }

    @Test
    void withoutAFileAllAreUnknown() throws Exception {
        assertThat(answered("", Map.of("{asn=\"unknown\"}", 7))).contains("SUCCESS");
        assertThat(answered("", Map.of("{asn=\"unknown\"}", 8))).contains("FAILED");
    }
}
