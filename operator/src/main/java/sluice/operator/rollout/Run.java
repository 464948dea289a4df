package sluice.operator.rollout;

import java.time.Instant;

/**
 * One attempt to roll a candidate out.
 *
 * @param strategy as it was when the attempt began; a changed one starts over
 * @param armedAt since when samples of the whole service count against the rules
 */
public record Run(Limiter candidate, Strategy strategy, Instant armedAt) {}
