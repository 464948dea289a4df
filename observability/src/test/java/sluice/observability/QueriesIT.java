package sluice.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.SAXException;
import sluice.observability.dashboard.Choices;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Dashboards;
import sluice.observability.picture.Pictures;
import sluice.operator.networks.NetworkOwners;
import sluice.operator.prometheus.PrometheusNetworks;
import sluice.operator.prometheus.PrometheusProvider;

/**
 * Every query of every panel, put to a real Prometheus that scrapes real sidecars under a little load, the operator's own metrics, mtail
 * on a recorded audit log, and whose its networks are.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueriesIT {

    private static final Choices CHOICES = new Choices(Map.of(), Duration.ofSeconds(8));
    private static final Duration ENOUGH = Duration.ofSeconds(90);
    private static final Path PICTURES = Path.of("target", "pictures");

    private final int port = ServerProcess.freePort();
    private final Path folder;
    private final List<AutoCloseable> parts;

    QueriesIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        var sidecars = new BusySidecars(folder);
        var owners = owners();
        var operator = new OperatorPage(owners::owners);
        var waf = new CountedAuditLog(folder);
        var prometheus = ServerProcess.prometheus(
                folder, port, sidecars.scrapeConfig() + operator.scrapeConfig() + waf.scrapeConfig());
        parts = List.of(prometheus, owners, waf, operator, sidecars);
    }

    /** By the demonstration's file, which knows one of the networks in the recorded audit log. */
    private NetworkOwners owners() {
        var file = Path.of("..", "e2e", "around", "asn.mmdb");
        var provider = new PrometheusProvider(URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(1));
        var owners = new NetworkOwners(new PrometheusNetworks(provider), file);
        owners.start(Duration.ofSeconds(1));
        return owners;
    }

    static Iterable<Dashboard> dashboards() {
        return Dashboards.all();
    }

    @BeforeAll
    void waitForData() {
        await().atMost(ENOUGH)
                .pollInterval(Duration.ofSeconds(2))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    for (var dashboard : Dashboards.all()) {
                        assertThat(draw(dashboard).silent())
                                .as(dashboard.title())
                                .isEmpty();
                    }
                });
    }

    @AfterAll
    void stop() throws Exception {
        for (var part : parts) {
            part.close();
        }
    }

    private Pictures.Drawn draw(Dashboard dashboard) {
        var prometheus = URI.create("http://127.0.0.1:" + port);
        try (var pictures = new Pictures(prometheus, CHOICES, Instant.now(), Duration.ofMinutes(1))) {
            return pictures.draw(dashboard);
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void eachQueryOfEachPanelHasData(Dashboard dashboard) {
        // One scrape that comes too late leaves a hole.
        await().atMost(ENOUGH)
                .untilAsserted(() -> assertThat(draw(dashboard).silent()).isEmpty());
    }

    @Test
    void blocksAreByAsnWhereTheFileKnowsTheNetwork() {
        var waf = Dashboards.all().stream()
                .filter(dashboard -> dashboard.uid().equals("sluice-waf"))
                .findFirst()
                .orElseThrow();
        await().atMost(ENOUGH)
                .untilAsserted(() -> assertThat(draw(waf).svg()).contains("AS64501 Recorded audit log", "unknown"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void aPictureShowsEachPanel(Dashboard dashboard) throws IOException, ParserConfigurationException, SAXException {
        Files.createDirectories(PICTURES);
        var file = Files.writeString(
                PICTURES.resolve(dashboard.uid() + ".svg"), draw(dashboard).svg());

        var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg.getDocumentElement().getTextContent())
                .contains(dashboard.panels().map(panel -> panel.title()).toList())
                .doesNotContain("NaN");
    }

    @Test
    void prometheusReadsEachOfThem() throws IOException, InterruptedException {
        var rules = new StringBuilder("groups:\n- name: panels\n  rules:\n");
        for (var dashboard : Dashboards.all()) {
            dashboard
                    .panels()
                    .flatMap(panel -> panel.queries().stream())
                    .map(query -> CHOICES.fill(dashboard, query.promql()))
                    .forEach(promql -> rules.append("  - {record: 'panel:query', labels: {n: '%d'}, expr: '%s'}\n"
                            .formatted(rules.length(), promql.replace("'", "''"))));
        }
        var file = Files.writeString(folder.resolve("rules.yaml"), rules);
        var said = folder.resolve("promtool.log");
        var promtool = new ProcessBuilder("promtool", "check", "rules", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(promtool.exitValue()).as(Files.readString(said)).isZero();
    }
}
