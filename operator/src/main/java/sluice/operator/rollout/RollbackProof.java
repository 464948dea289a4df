package sluice.operator.rollout;

/** How it is known that no sidecar uses the candidate any more. */
public enum RollbackProof {
    /** Every running injected pod acknowledged the epoch. */
    ACKNOWLEDGED("Acknowledged"),
    /** Those that did not are out of reach, and have had no heartbeat for longer than their lease. */
    LEASE_EXPIRED("LeaseExpired"),
    /** No pod has a sidecar any more. */
    SIDECARS_REMOVED("SidecarsRemoved");

    private final String text;

    RollbackProof(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /**
     * Finds by name.
     *
     * @throws IllegalArgumentException for a name that is no proof
     */
    public static RollbackProof of(String text) {
        for (RollbackProof proof : values()) {
            if (proof.text.equals(text)) {
                return proof;
            }
        }
        throw new IllegalArgumentException("no such proof: " + text);
    }
}
