package sluice.operator.rollout;

/**
 * A limiter's configuration as it was written, so that a rollback needs nothing else.
 *
 * @param revision first 10 hex digits of the SHA-256 of {@code text}, or {@code off}
 * @param text canonical JSON of {@code spec.limiter}; {@code {"backend":"Off"}} for pass-through
 */
public record Limiter(String revision, String text) {
    /** Pass-through. */
    public static final Limiter OFF = new Limiter("off", "{\"backend\":\"Off\"}");
}
