package sluice.operator.rollout;

/** What a stop-loss rule watches. Ratios are between 0 and 1, latencies in seconds. */
public enum Signal {
    /** Share of the app's responses that are 5xx; the limiter's own answers are not in it. */
    ERROR_RATIO("ErrorRatio"),
    /** 95th percentile of the app's latency, in seconds. */
    LATENCY_P95("LatencyP95"),
    /** Share of requests that presented no valid authentication where one was wanted. */
    AUTH_FAILURES("AuthFailures"),
    /** Share of requests the limiter throttled. Rules compare candidate minus stable. */
    THROTTLED_RATIO("ThrottledRatio");

    private final String text;

    Signal(String text) {
        this.text = text;
    }

    /** The name in the resource, {@code ErrorRatio}. */
    public String text() {
        return text;
    }

    /**
     * Finds by name.
     *
     * @throws IllegalArgumentException for a name that is no signal
     */
    public static Signal of(String text) {
        for (Signal signal : values()) {
            if (signal.text.equals(text)) {
                return signal;
            }
        }
        throw new IllegalArgumentException("no such signal: " + text);
    }
}
