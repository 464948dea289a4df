package sluice.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What mtail makes of lines that the demonstration's WAF wrote, nginx with ModSecurity and the OWASP rules. */
class AuditLogIT {

    private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");

    @TempDir
    private Path folder;

    private List<String> counted(List<String> lines) throws IOException, InterruptedException {
        var log = Files.write(folder.resolve("waf-audit.log"), lines);
        var said = folder.resolve("said");
        var mtail = new ProcessBuilder(
                        "mtail",
                        "-one_shot",
                        "-one_shot_format=prometheus",
                        "-emit_prog_label=false",
                        "-logtostderr",
                        "-progs=" + CountedAuditLog.PROGRAM,
                        "-logs=" + log)
                .redirectOutput(said.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        assertThat(mtail.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(mtail.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return Files.readAllLines(said);
    }

    @Test
    void countsEachBlockByTheFirstRuleThatMatchedAndByEndpoint() throws Exception {
        assertThat(counted(CountedAuditLog.recorded()))
                .contains(
                        "sluice_waf_blocks_total{endpoint=\"/api/courses\",rule=\"942100\"} 2",
                        "sluice_waf_blocks_total{endpoint=\"/api/me\",rule=\"941100\"} 1",
                        "sluice_waf_blocks_total{endpoint=\"/login\",rule=\"930120\"} 1",
                        "sluice_waf_blocks_total{endpoint=\"/\",rule=\"913100\"} 1",
                        "sluice_waf_blocks_total{endpoint=\"other\",rule=\"930130\"} 1",
                        "sluice_waf_network_blocks_total{network=\"127.0.1.0/24\",rule=\"942100\"} 2",
                        "sluice_waf_narrow_blocks_total{rule=\"942100\"} 3")
                .noneMatch(line -> line.startsWith("sluice_waf_narrow_blocks_total{rule=\"941100\"}"));
    }

    @Test
    void knowsNetworksOfEitherKindOfAddress() throws Exception {
        var line = CountedAuditLog.recorded().getFirst();
        var from = List.of("2001:db8:17:4::9", "2001:db8::1", "192.0.2.7");
        var lines = from.stream()
                .map(address -> line.replaceFirst("\"client_ip\":\"[^\"]+\"", "\"client_ip\":\"" + address + '"'))
                .toList();

        assertThat(counted(lines).stream().filter(counted -> counted.startsWith("sluice_waf_network_blocks_total{")))
                .containsExactlyInAnyOrder(
                        "sluice_waf_network_blocks_total{network=\"2001:db8:17::/48\",rule=\"942100\"} 1",
                        "sluice_waf_network_blocks_total{network=\"2001:db8::/48\",rule=\"942100\"} 1",
                        "sluice_waf_network_blocks_total{network=\"192.0.2.0/24\",rule=\"942100\"} 1");
    }

    @Test
    void countsNothingThatWasLetThroughAndBelievesNothingThatAClientWrites() throws Exception {
        var blocked = CountedAuditLog.recorded().getFirst();
        var warned = blocked.replace("Inbound Anomaly Score Exceeded", "Something else");
        // As ModSecurity writes the quotes of /x?"uri":"/login","ruleId":"1"
        var quoted = "/x?\\\"uri\\\":\\\"/login\\\",\\\"ruleId\\\":\\\"1\\\"";
        var forged = blocked.replaceFirst("/api/courses\\?[^\"]*", Matcher.quoteReplacement(quoted));

        assertThat(forged).contains("\"uri\":\"/x?\\\"uri\\\":\\\"/login");
        assertThat(counted(List.of(warned, forged)).stream()
                        .filter(line -> line.startsWith("sluice_waf_blocks_total{")))
                .containsExactly("sluice_waf_blocks_total{endpoint=\"other\",rule=\"942100\"} 1");
    }

    @Test
    void isDescribedInFull() throws Exception {
        var families = counted(CountedAuditLog.recorded()).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('{')),
                        line -> LABEL.matcher(line)
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toCollection(TreeSet::new)),
                        (one, other) -> one));

        var page = MetricsPage.part("WAF");
        assertThat(page.keySet()).containsExactlyInAnyOrderElementsOf(families.keySet());
        page.forEach((name, metric) -> assertThat(metric.labels()).as(name).isEqualTo(families.get(name)));
    }
}
