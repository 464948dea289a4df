package sluice.limiter.judge;

/** The side of a canary that a caller is on. */
public enum Arm {
    STABLE("stable"),
    CANDIDATE("candidate");

    private final String label;

    Arm(String label) {
        this.label = label;
    }

    /** The name in metrics, logs and the {@code X-Sluice-Arm} header. */
    public String label() {
        return label;
    }
}
