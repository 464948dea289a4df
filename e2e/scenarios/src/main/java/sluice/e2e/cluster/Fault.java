package sluice.e2e.cluster;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the demo app does wrong on purpose for callers of the candidate arm.
 *
 * @param errorRatio share of requests answered 500, 0 to 1
 * @param latencyMillis added to each answer
 * @param authFailureRatio share of requests answered 401, 0 to 1
 */
public record Fault(double errorRatio, long latencyMillis, double authFailureRatio) {
    public static final Fault NONE = new Fault(0, 0, 0);

    public static Fault errors(double ratio) {
        return new Fault(ratio, 0, 0);
    }

    public static Fault latency(long millis) {
        return new Fault(0, millis, 0);
    }

    public static Fault authFailures(double ratio) {
        return new Fault(0, 0, ratio);
    }

    public boolean isNone() {
        return equals(NONE);
    }

    /** Such as {@code 100% of requests are answered 500}; empty when nothing is wrong. */
    public String inWords() {
        return Stream.of(
                        answered(errorRatio, 500),
                        latencyMillis == 0 ? "" : "each answer takes %d ms longer".formatted(latencyMillis),
                        answered(authFailureRatio, 401))
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String answered(double ratio, int status) {
        return ratio == 0 ? "" : String.format(Locale.ROOT, "%.0f%% of requests are answered %d", 100 * ratio, status);
    }

    String toJson() {
        return "{\"arm\":\"candidate\",\"errorRatio\":%s,\"latencyMillis\":%d,\"authFailureRatio\":%s}"
                .formatted(errorRatio, latencyMillis, authFailureRatio);
    }
}
