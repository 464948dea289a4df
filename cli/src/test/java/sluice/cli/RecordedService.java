package sluice.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What one sidecar of apps/api would have shown, every 15 seconds: ten requests a second, and what a test makes of them. */
final class RecordedService {
    private static final int SCRAPE_SECONDS = 15;
    /** From scrape to scrape; one of twenty is a whole number. */
    private static final int REQUESTS = 160;

    private static final String LABELS = "namespace=\"apps\",rollout=\"api\",pod=\"a\",arm=\"stable\",revision=\"off\"";

    private record Episode(Duration from, Duration to) {
        boolean contains(Duration at) {
            return at.compareTo(from) >= 0 && at.compareTo(to) < 0;
        }
    }

    private final Instant begin;
    private final Duration length;
    private final List<Episode> failing = new ArrayList<>();
    private final List<Episode> silent = new ArrayList<>();

    RecordedService(Instant begin, Duration length) {
        this.begin = begin;
        this.length = length;
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
        counter(text, "sluice_decisions_total", "decision=\"allow\"", _ -> (long) REQUESTS);
        counter(text, "sluice_decisions_total", "decision=\"throttle\"", _ -> 0L);
        counter(text, "sluice_app_responses_total", "class=\"2xx\"", at -> REQUESTS - failures(at));
        counter(text, "sluice_app_responses_total", "class=\"5xx\"", this::failures);
        counter(text, "sluice_auth_total", "result=\"ok\"", _ -> REQUESTS - 1L);
        counter(text, "sluice_auth_total", "result=\"invalid\"", _ -> 1L);
        counter(text, "sluice_app_latency_seconds_bucket", "le=\"0.12\"", _ -> REQUESTS - 10L);
        counter(text, "sluice_app_latency_seconds_bucket", "le=\"0.3\"", _ -> (long) REQUESTS);
        counter(text, "sluice_app_latency_seconds_bucket", "le=\"+Inf\"", _ -> (long) REQUESTS);
        counter(text, "sluice_app_latency_seconds_count", "", _ -> (long) REQUESTS);
        series(text, "sluice_busiest_identity_ratio{namespace=\"apps\",rollout=\"api\",pod=\"a\"}", _ -> "0.01");
        return text.append("# EOF\n").toString();
    }

    private long failures(Duration at) {
        return failing.stream().anyMatch(episode -> episode.contains(at)) ? REQUESTS / 20 : 0;
    }

    private void counter(StringBuilder text, String name, String label, Function<Duration, Long> growth) {
        var total = new long[1];
        var labels = label.isEmpty() ? LABELS : LABELS + "," + label;
        series(text, name + "{" + labels + "}", at -> Long.toString(total[0] += growth.apply(at)));
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
