package sluice.operator.prometheus;

import java.time.Duration;
import sluice.operator.rollout.Signal;

/**
 * The built-in queries. Each results in one series, or in none where there were no requests.
 *
 * <p>A quotient without requests would be NaN; {@code > 0} leaves it out instead, so that NaN is always a fault.
 */
final class Queries {
    private static final String DECISIONS = "sluice_decisions_total";
    private static final String RESPONSES = "sluice_app_responses_total";
    private static final String AUTH = "sluice_auth_total";
    private static final String LATENCY_BUCKETS = "sluice_app_latency_seconds_bucket";
    private static final String LATENCY_COUNT = "sluice_app_latency_seconds_count";
    private static final String FALLBACK = "sluice_fallback_active";
    private static final String BUSIEST = "sluice_busiest_identity_ratio";

    private Queries() {}

    /** The signal's value over {@code window}. */
    static String value(Signal.BuiltIn signal, Selector selector, Duration window) {
        return switch (signal) {
            case ERROR_RATIO -> ratio(RESPONSES, errors(selector), selector, window);
            case LATENCY_P95 -> latency("0.95", selector, window);
            case AUTH_FAILURES ->
                ratio(AUTH, selector.andMatching("result", "missing|invalid|expired"), selector, window);
            case THROTTLED_RATIO -> ratio(DECISIONS, selector.and("decision", "throttle"), selector, window);
        };
    }

    /**
     * The app's latency in seconds.
     *
     * @param quantile a decimal between 0 and 1
     */
    static String latency(String quantile, Selector selector, Duration window) {
        return "histogram_quantile(%s, sum by (le) (%s)) and %s > 0"
                .formatted(
                        quantile,
                        rate(LATENCY_BUCKETS, selector, window),
                        traffic(Signal.BuiltIn.LATENCY_P95, selector, window));
    }

    /** Requests per second that the signal could judge by. */
    static String traffic(Signal.BuiltIn signal, Selector selector, Duration window) {
        return sum(
                switch (signal) {
                    case ERROR_RATIO -> RESPONSES;
                    case LATENCY_P95 -> LATENCY_COUNT;
                    case AUTH_FAILURES -> AUTH;
                    case THROTTLED_RATIO -> DECISIONS;
                },
                selector,
                window);
    }

    /** Requests per second. */
    static String requests(Selector selector, Duration window) {
        return sum(DECISIONS, selector, window);
    }

    /** Requests seen over the window, by counters that were there at its start or began in it. */
    static String requestsDuring(Selector selector, Duration window) {
        return increase(DECISIONS, selector, window);
    }

    /** What the app answered over the window, by counters that were there at its start or began in it. */
    static String responsesDuring(Selector selector, Duration window) {
        return increase(RESPONSES, selector, window);
    }

    /** The 5xx among {@link #responsesDuring}. */
    static String errorsDuring(Selector selector, Duration window) {
        return increase(RESPONSES, errors(selector), window);
    }

    /** Share of requests that the busiest identity makes: each pod's own share, weighted by the pod's requests. */
    static String busiestIdentity(Selector selector, Duration window) {
        return "sum(max by (namespace, pod) (%s) * on (namespace, pod) sum by (namespace, pod) (%s)) / (%s > 0)"
                .formatted(selector.of(BUSIEST), rate(DECISIONS, selector, window), requests(selector, window));
    }

    /** How many sidecars limit in memory because Redis cannot be asked; none where no sidecar has a Redis. */
    static String fallback(Selector selector) {
        return "sum(%s)".formatted(selector.of(FALLBACK));
    }

    /** How many of the rollout's sidecars were scraped within the window; a scrape that failed meanwhile hides none. */
    static String scraped(Selector selector, Duration window) {
        return "count(sum by (pod) (count_over_time(%s[%ds])))".formatted(selector.of(DECISIONS), window.toSeconds());
    }

    private static Selector errors(Selector selector) {
        return selector.and("class", "5xx");
    }

    private static String increase(String metric, Selector selector, Duration window) {
        return "sum(increase(%s[%ds]))".formatted(selector.of(metric), window.toSeconds());
    }

    private static String ratio(String metric, Selector part, Selector whole, Duration window) {
        return "%s / (%s > 0)".formatted(sum(metric, part, window), sum(metric, whole, window));
    }

    private static String sum(String metric, Selector selector, Duration window) {
        return "sum(" + rate(metric, selector, window) + ")";
    }

    private static String rate(String metric, Selector selector, Duration window) {
        return "rate(%s[%ds])".formatted(selector.of(metric), window.toSeconds());
    }
}
