package sluice.operator.rollout;

import java.time.Instant;

/**
 * The last decision, for people.
 *
 * @param name {@code Hold}, {@code Advance}, ...
 * @param reason a condition's reason
 * @param at since when name and reason are the same
 */
public record DecisionNote(String name, String reason, String message, Instant at) {}
