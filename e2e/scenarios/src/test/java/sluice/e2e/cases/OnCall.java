package sluice.e2e.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import sluice.e2e.story.Patience;

/**
 * Whoever is on call, as Slack would tell them: Prometheus has the chart's rules and Alertmanager its routes, both with seconds for their minutes, from
 * {@link #begin()} until it is closed.
 */
final class OnCall implements AutoCloseable {
    /** For an alert to be told and to be over, and for what makes it so. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final SlackChannel slack = new SlackChannel();
    private final Http prometheus = Http.prometheus();

    void begin() {
        TestCluster.scripts()
                .run("around/alerts", "start", "--slack", slack.url().toString());
    }

    /** The messages that have this alert. */
    List<SlackChannel.Told> about(String alert) {
        return slack.about(alert);
    }

    boolean isTold(String... alerts) {
        return Stream.of(alerts).noneMatch(alert -> about(alert).isEmpty());
    }

    void awaitTold(String... alerts) {
        Patience.until("messages about " + List.of(alerts), PATIENCE, () -> isTold(alerts));
    }

    /** Whether there are alerts with these labels, as Prometheus writes them. */
    boolean isFiring(String labels) {
        var query = "count(ALERTS{alertstate=\"firing\"," + labels + "}) or vector(0)";
        var answer = prometheus.get("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8), "nobody");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return !answer.body().contains(",\"0\"]");
    }

    /** Waits until what the alert is about has been put right. */
    void awaitOver(String alert) {
        Patience.until("the end of " + alert, PATIENCE, () -> !isFiring("alertname=\"" + alert + "\""));
    }

    @Override
    public void close() {
        try (slack) {
            TestCluster.scripts().run("around/alerts", "stop");
        }
    }
}
