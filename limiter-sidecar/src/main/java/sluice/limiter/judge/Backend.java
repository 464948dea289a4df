package sluice.limiter.judge;

/** Where a decision was taken. */
public enum Backend {
    REDIS("redis"),
    MEMORY("memory"),
    OFF("off");

    private final String label;

    Backend(String label) {
        this.label = label;
    }

    /** The name in metrics and logs. */
    public String label() {
        return label;
    }
}
