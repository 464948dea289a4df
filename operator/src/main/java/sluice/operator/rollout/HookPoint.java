package sluice.operator.rollout;

/** Where in a rollout a hook runs. */
public enum HookPoint {
    /** Before anything is changed. */
    BEFORE_ROLLOUT("BeforeRollout"),
    /** Once every sidecar does what a step says; the step is not left before. */
    AFTER_STEP("AfterStep"),
    /** Once every sidecar has the promoted limiter. */
    AFTER_PROMOTION("AfterPromotion"),
    /** Once every sidecar is back. */
    AFTER_ROLLBACK("AfterRollback");

    private final String text;

    HookPoint(String text) {
        this.text = text;
    }

    /** The name in the resource. */
    public String text() {
        return text;
    }
}
