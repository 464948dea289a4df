package sluice.operator.rollout;

import java.time.Instant;

/**
 * What the stop-loss needs while it stays armed after a promotion.
 *
 * @param previousStable the stable limiter before the promotion, to go back to
 * @param previousPromoted whether that one was promoted, rather than being the initial limiter
 * @param since when the promoted limiter's first step began; earlier samples do not count
 * @param baseline what the service showed before it
 */
public record Armed(Limiter previousStable, boolean previousPromoted, Instant since, Baseline baseline) {}
