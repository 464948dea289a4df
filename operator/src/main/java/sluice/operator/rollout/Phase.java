package sluice.operator.rollout;

/** The phase as status shows it. */
public enum Phase {
    PENDING("Pending"),
    INJECTING("Injecting"),
    OBSERVING("Observing"),
    PROGRESSING("Progressing"),
    /** Somebody keeps the candidate where it is, or must approve that it goes on. */
    PAUSED("Paused"),
    BAKING("Baking"),
    PROMOTED("Promoted"),
    ROLLING_BACK("RollingBack"),
    ROLLED_BACK("RolledBack"),
    /** The resource says so; what is exposed stays, and is watched. */
    SUSPENDED("Suspended");

    private final String text;

    Phase(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /**
     * Finds by name.
     *
     * @throws IllegalArgumentException for a name that is no phase
     */
    public static Phase of(String text) {
        for (Phase phase : values()) {
            if (phase.text.equals(text)) {
                return phase;
            }
        }
        throw new IllegalArgumentException("no such phase: " + text);
    }
}
