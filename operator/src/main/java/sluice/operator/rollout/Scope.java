package sluice.operator.rollout;

/** Whose requests a reading is about. */
public enum Scope {
    /** Requests in the candidate arm, of the candidate's revision only. */
    CANDIDATE("candidate"),
    /** Requests in the stable arm. */
    STABLE("stable"),
    /** All requests. */
    SERVICE("service");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    /** The name in status and messages. */
    public String text() {
        return text;
    }

    /**
     * Finds by name.
     *
     * @throws IllegalArgumentException for a name that is no scope
     */
    public static Scope of(String text) {
        for (Scope scope : values()) {
            if (scope.text.equals(text)) {
                return scope;
            }
        }
        throw new IllegalArgumentException("no such scope: " + text);
    }
}
