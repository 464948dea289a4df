package sluice.operator.rollout;

/** What people have asked for that still holds. */
public enum Order {
    /** The resource is suspended. */
    SUSPENDED("Suspended"),
    /** Stay at the present weight. */
    PAUSED("Paused"),
    /** The present step has done all but get its approval. */
    AWAITING_APPROVAL("AwaitingApproval"),
    /** The present step may be left. */
    APPROVED("Approved"),
    /** The present hold, or the observation, is over. */
    HOLD_SKIPPED("HoldSkipped"),
    /** The next step is the last. */
    FULL("Full"),
    /** What was rolled back is not to start over by itself. */
    ABORTED("Aborted");

    private final String text;

    Order(String text) {
        this.text = text;
    }

    /** The name in status. */
    public String text() {
        return text;
    }

    /**
     * Finds by name.
     *
     * @throws IllegalArgumentException for a name that is no order
     */
    public static Order of(String text) {
        for (Order order : values()) {
            if (order.text.equals(text)) {
                return order;
            }
        }
        throw new IllegalArgumentException("no such order: " + text);
    }
}
