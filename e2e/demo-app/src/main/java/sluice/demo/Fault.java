package sluice.demo;

/**
 * What goes wrong on purpose for the requests of one arm.
 *
 * @param arm the value of {@code X-Sluice-Arm} that is struck; empty strikes nobody
 * @param errorRatio share of requests answered 500, 0 to 1
 * @param latencyMillis added to each answer
 * @param authFailureRatio share of requests answered 401 as if the token did not verify, 0 to 1
 */
record Fault(String arm, double errorRatio, long latencyMillis, double authFailureRatio) {
    static final Fault NONE = new Fault("", 0, 0, 0);

    Fault {
        if (arm == null) {
            throw new IllegalArgumentException("arm is missing; use candidate or stable");
        }
        requireRatio("errorRatio", errorRatio);
        requireRatio("authFailureRatio", authFailureRatio);
        if (latencyMillis < 0 || latencyMillis > 60_000) {
            throw new IllegalArgumentException("latencyMillis must be 0 to 60000");
        }
    }

    boolean strikes(String requestArm) {
        return !arm.isEmpty() && arm.equals(requestArm);
    }

    private static void requireRatio(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be 0 to 1");
        }
    }
}
