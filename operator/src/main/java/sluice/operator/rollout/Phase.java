package sluice.operator.rollout;

/** The phase as status shows it. */
public enum Phase {
    PENDING("Pending"),
    INJECTING("Injecting"),
    OBSERVING("Observing"),
    PROGRESSING("Progressing"),
    BAKING("Baking"),
    PROMOTED("Promoted"),
    ROLLING_BACK("RollingBack"),
    ROLLED_BACK("RolledBack");

    private final String text;

    Phase(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
