package sluice.e2e.cluster;

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

    String toJson() {
        return "{\"arm\":\"candidate\",\"errorRatio\":%s,\"latencyMillis\":%d,\"authFailureRatio\":%s}"
                .formatted(errorRatio, latencyMillis, authFailureRatio);
    }
}
