package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import sluice.e2e.load.Load;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.Patience;

/** Every query of every panel, put to the Prometheus that has seen the other scenarios, under load. */
@Order(10)
class DashboardsE2E {
    private static final String INJECTION = "/api/courses?id=1%27%20OR%20%271%27=%271";
    private static final String SAYS_NOTHING = "no data: ";

    private final Path pictures = TestCluster.environment().state().resolve("pictures");
    private final Callers callers = Callers.ofThisCluster(TestCluster.client());
    private final Http waf = Http.throughTheWaf();

    @Test
    void everyQueryOfEveryPanelHasData() throws IOException {
        Load load = TestCluster.load(TestCluster.RATE, "--signins", Double.toString(Load.SIGN_INS));
        try (Afterwards _ = load::stop) {
            // A rate needs two samples that differ: attacks go on for as long as it takes.
            Patience.until("data in every panel", Duration.ofMinutes(8), () -> {
                assertThat(waf.get(INJECTION, callers.newUser()).statusCode()).isEqualTo(403);
                return silent().isEmpty() && blocksByAsn();
            });
        }

        assertThat(silent()).isEmpty();
        assertThat(drawn())
                .hasSize(6)
                .allSatisfy(picture -> assertThat(Files.readString(picture))
                        .startsWith("<svg ")
                        .doesNotContain("NaN"));
    }

    private List<String> silent() {
        return TestCluster.scripts()
                .run("around/pictures", "--out", pictures.toString(), "--range", "PT1H", "--rate-window", "PT10S")
                .lines()
                .filter(line -> line.startsWith(SAYS_NOTHING))
                .map(line -> line.substring(SAYS_NOTHING.length()))
                .toList();
    }

    /** Of the callers' network, as e2e/around/asn.mmdb knows it. */
    private boolean blocksByAsn() {
        try {
            return Files.readString(pictures.resolve("sluice-waf.svg")).contains("AS64500 Demonstration node");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> drawn() throws IOException {
        try (var files = Files.list(pictures)) {
            return files.filter(file -> file.toString().endsWith(".svg")).toList();
        }
    }
}
