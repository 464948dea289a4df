package sluice.operator.rollout;

/**
 * Something outside that keeps a rollout from beginning.
 *
 * @param reason a condition's reason, {@code TargetConflict}
 * @param message what is wrong and what to change
 */
public record Blocker(String reason, String message) {}
