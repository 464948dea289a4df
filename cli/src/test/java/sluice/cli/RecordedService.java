package sluice.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What one sidecar of apps/api would have shown, every 15 seconds: ten requests a second, and what a test makes of them. */
final class RecordedService {
    private static final int SCRAPE_SECONDS = 15;
    /** From scrape to scrape; one of twenty is a whole number. */
    private static final int REQUESTS = 160;

    private static final String STABLE = "arm=\"stable\",revision=\"off\"";

    private record Episode(Duration from, Duration to) {
        boolean contains(Duration at) {
            return at.compareTo(from) >= 0 && at.compareTo(to) < 0;
        }
    }

    private final Instant begin;
    private final Duration length;
    private final List<Episode> failing = new ArrayList<>();
    private final List<Episode> silent = new ArrayList<>();
    private final String namespace;
    private Optional<Episode> exposed = Optional.empty();
    private String candidate = "";

    RecordedService(Instant begin, Duration length) {
        this("apps", begin, length);
    }

    RecordedService(String namespace, Instant begin, Duration length) {
        this.namespace = namespace;
        this.begin = begin;
        this.length = length;
    }

    /** Half of the requests are a candidate's for a while; failures are then its own. */
    RecordedService candidate(String revision, Duration from, Duration lasting) {
        candidate = revision;
        exposed = Optional.of(new Episode(from, from.plus(lasting)));
        return this;
    }

    /** One of twenty requests fails. */
    RecordedService failing(Duration from, Duration lasting) {
        failing.add(new Episode(from, from.plus(lasting)));
        return this;
    }

    /** Nothing is scraped. */
    RecordedService silent(Duration from, Duration lasting) {
        silent.add(new Episode(from, from.plus(lasting)));
        return this;
    }

    String openMetrics() {
        var text = new StringBuilder();
        arm(text, STABLE, at -> isExposed(at) ? REQUESTS / 2 : REQUESTS, at -> candidate.isEmpty() ? failures(at) : 0);
        if (!candidate.isEmpty()) {
            var labels = "arm=\"candidate\",revision=\"" + candidate + "\"";
            arm(text, labels, at -> isExposed(at) ? REQUESTS / 2 : 0, at -> isExposed(at) ? failures(at) : 0);
        }
        series(text, "sluice_busiest_identity_ratio{" + pod() + "}", _ -> "0.01");
        return text.append("# EOF\n").toString();
    }

    private void arm(
            StringBuilder text, String arm, ToLongFunction<Duration> requests, ToLongFunction<Duration> failed) {
        counter(text, "sluice_decisions_total", arm, "decision=\"allow\"", requests);
        counter(text, "sluice_decisions_total", arm, "decision=\"throttle\"", _ -> 0);
        counter(
                text,
                "sluice_app_responses_total",
                arm,
                "class=\"2xx\"",
                at -> requests.applyAsLong(at) - failed.applyAsLong(at));
        counter(text, "sluice_app_responses_total", arm, "class=\"5xx\"", failed);
        counter(text, "sluice_auth_total", arm, "result=\"ok\"", at -> Math.max(0, requests.applyAsLong(at) - 1));
        counter(text, "sluice_auth_total", arm, "result=\"invalid\"", at -> Math.min(1, requests.applyAsLong(at)));
        counter(
                text,
                "sluice_app_latency_seconds_bucket",
                arm,
                "le=\"0.12\"",
                at -> Math.max(0, requests.applyAsLong(at) - 10));
        counter(text, "sluice_app_latency_seconds_bucket", arm, "le=\"0.3\"", requests);
        counter(text, "sluice_app_latency_seconds_bucket", arm, "le=\"+Inf\"", requests);
        counter(text, "sluice_app_latency_seconds_count", arm, "", requests);
    }

    private boolean isExposed(Duration at) {
        return exposed.filter(episode -> episode.contains(at)).isPresent();
    }

    private String pod() {
        return "namespace=\"" + namespace + "\",rollout=\"api\",pod=\"a\"";
    }

    private long failures(Duration at) {
        return failing.stream().anyMatch(episode -> episode.contains(at)) ? REQUESTS / 20 : 0;
    }

    private void counter(StringBuilder text, String name, String arm, String label, ToLongFunction<Duration> growth) {
        var total = new long[1];
        var labels = pod() + "," + arm + (label.isEmpty() ? "" : "," + label);
        series(text, name + "{" + labels + "}", at -> Long.toString(total[0] += growth.applyAsLong(at)));
    }

    private void series(StringBuilder text, String series, Function<Duration, String> value) {
        for (var at = Duration.ZERO; at.compareTo(length) <= 0; at = at.plusSeconds(SCRAPE_SECONDS)) {
            var now = value.apply(at);
            var moment = at;
            if (silent.stream().noneMatch(episode -> episode.contains(moment))) {
                text.append(series).append(' ').append(now).append(' ');
                text.append(begin.plus(at).getEpochSecond()).append('\n');
            }
        }
    }
}
