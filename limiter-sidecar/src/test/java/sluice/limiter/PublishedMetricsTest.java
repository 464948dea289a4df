package sluice.limiter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.limiter.metrics.Exposition;
import sluice.limiter.metrics.MetricsFormat;

/** What a scrape of a whole sidecar gets, and what docs/metrics.md says of it. */
class PublishedMetricsTest {

    private static final String IDENTITY = """
            {"userHeader": "X-User-Id", "trustedProxies": ["127.0.0.0/8"]}
            """;
    private static final Pattern NAMES = Pattern.compile("\\b(?:sluice|jvm|process)_\\w+");
    private static final Pattern VALUE = Pattern.compile("\\b(?:backend|class|decision|reason|result)=\"(\\w+)\"");
    private static final Pattern OF_A_SAMPLE = Pattern.compile("_(bucket|count|sum)$");

    private RunningSidecar sidecar;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        sidecar = new RunningSidecar(folder, IDENTITY);
    }

    @AfterEach
    void stop() {
        sidecar.close();
    }

    private String scrape(MetricsFormat format) throws IOException, InterruptedException {
        return sidecar.metrics(format.contentType());
    }

    private void sendEverythingHostile() throws IOException {
        for (var nasty = 0; nasty < 40; nasty++) {
            sidecar.send("GET /%0a" + nasty + "\u00ff{}\"\\ HTTP/1.1", "X-Request-Id: \"}\\" + nasty);
            sidecar.send(
                    "GET /" + nasty + "?q=%22%7d HTTP/1.1", "X-User-Id: user" + nasty, "X-Request-Id: \"} 1 #" + nasty);
            sidecar.send("M" + nasty + " /" + (200 + nasty * 9) + " HTTP/1.1", "X-User-Id: \"{\\\u0085" + nasty);
            sidecar.send("GET /401 HTTP/1.1", "Authorization: Bearer " + nasty, "X-Forwarded-For: 192.0.2." + nasty);
        }
        sidecar.send("GET / HTTP/9.9");
        sidecar.send("\u0001\u0002");
    }

    /** Names and labels of all samples, without exemplars and values. */
    private static Set<String> series(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("^(\\w+(?:\\{.*?})?) [-+\\w.]+( #.*)?$", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void hasNoMoreSeriesHoweverMuchCallersInvent() throws Exception {
        sidecar.get();
        var before = series(scrape(MetricsFormat.TEXT));
        sendEverythingHostile();

        assertThat(series(scrape(MetricsFormat.TEXT))).isEqualTo(before);
        assertThat(before).noneMatch(series -> series.contains("user"));
    }

    @ParameterizedTest
    @EnumSource
    void isReadByAStrictParserWhateverCallersSend(MetricsFormat format) throws Exception {
        sendEverythingHostile();

        var families = Exposition.parse(scrape(format), format);

        assertThat(families).isNotEmpty();
        assertThat(families.values()).allMatch(family -> family.labels().contains("rollout"));
    }

    @Test
    void hasTheRequestBehindALatencyWhenPrometheusAsks() throws Exception {
        sidecar.get("X-Request-Id: r-42");
        assertThat(sidecar.metrics("application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.2"))
                .containsPattern("(?m)^sluice_app_latency_seconds_bucket\\{.*} 1 # \\{request_id=\"r-42\"} ")
                .containsPattern("(?m)^sluice_limiter_duration_seconds_bucket\\{.*} 1 # \\{request_id=\"r-42\"} ")
                .endsWith("# EOF\n");
        assertThat(sidecar.metrics("*/*")).doesNotContain("r-42", "# EOF");
    }

    @Test
    void isDescribedInFull() throws Exception {
        var published = Exposition.parse(scrape(MetricsFormat.TEXT), MetricsFormat.TEXT);
        var page = MetricsPage.read();

        assertThat(page.keySet()).containsExactlyInAnyOrderElementsOf(published.keySet());
        page.forEach((name, metric) -> {
            var family = requireNonNull(published.get(name));
            var labels = new TreeSet<>(family.labels());
            labels.remove("rollout");
            assertThat(metric.labels()).as(name).isEqualTo(labels);
            assertThat(metric.type()).as(name).isEqualTo(family.type());
            assertThat(metric.queries()).as(name).anyMatch(query -> query.contains(name));
        });
    }

    @Test
    void hasNoValueOfALabelThatThePageDoesNotName() throws Exception {
        var page = MetricsPage.read();
        for (var sample : series(scrape(MetricsFormat.TEXT))) {
            var name = sample.split("\\{", 2)[0];
            VALUE.matcher(sample)
                    .results()
                    .forEach(value -> assertThat(requireNonNull(page.get(name)).text())
                            .as(name)
                            .contains("`" + value.group(1) + "`"));
        }
    }

    @Test
    void isAllThatTheQueriesOfThePageAskFor() throws Exception {
        var known = MetricsPage.read().keySet();
        var asked = MetricsPage.queries()
                .flatMap(query -> NAMES.matcher(query).results())
                .map(name -> known.contains(name.group())
                        ? name.group()
                        : OF_A_SAMPLE.matcher(name.group()).replaceFirst(""));

        assertThat(asked).isNotEmpty().allMatch(known::contains);
    }
}
