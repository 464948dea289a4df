package sluice.operator.rollout;

import java.util.List;

/** What a stop-loss rule or a gate watches. */
public sealed interface Signal {
    /** See {@link BuiltIn#ERROR_RATIO}. */
    Signal ERROR_RATIO = BuiltIn.ERROR_RATIO;

    /** See {@link BuiltIn#LATENCY_P95}. */
    Signal LATENCY_P95 = BuiltIn.LATENCY_P95;

    /** See {@link BuiltIn#AUTH_FAILURES}. */
    Signal AUTH_FAILURES = BuiltIn.AUTH_FAILURES;

    /** See {@link BuiltIn#THROTTLED_RATIO}. */
    Signal THROTTLED_RATIO = BuiltIn.THROTTLED_RATIO;

    /** The name in status and messages: {@code ErrorRatio}, or what somebody called a query. */
    String text();

    /** What sidecars show of requests, for each arm. Ratios are between 0 and 1, latencies in seconds. */
    enum BuiltIn implements Signal {
        /** Share of the app's responses that are 5xx; the limiter's own answers are not in it. */
        ERROR_RATIO("ErrorRatio"),
        /** 95th percentile of the app's latency, in seconds. */
        LATENCY_P95("LatencyP95"),
        /** Share of requests that presented no valid authentication where one was wanted. */
        AUTH_FAILURES("AuthFailures"),
        /** Share of requests the limiter throttled. Rules compare candidate minus stable. */
        THROTTLED_RATIO("ThrottledRatio");

        private final String text;

        BuiltIn(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * Somebody's own query. It is one series about the service as a whole, in whatever unit, and has no baseline.
     *
     * @param name lower-case letters, digits and '-', so that it is none of a built-in signal
     * @param promql gives exactly one series
     */
    record Query(String name, String promql) implements Signal {
        @Override
        public String text() {
            return name;
        }
    }

    /** Every built-in signal. */
    static List<Signal> builtIn() {
        return List.of(BuiltIn.values());
    }

    /**
     * Finds a built-in one by name.
     *
     * @throws IllegalArgumentException for a name that is none
     */
    static Signal of(String text) {
        return builtIn().stream()
                .filter(signal -> signal.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such signal: " + text));
    }
}
