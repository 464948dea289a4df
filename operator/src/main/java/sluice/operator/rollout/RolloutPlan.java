package sluice.operator.rollout;

/**
 * What the resource asks for.
 *
 * @param candidate the limiter in the resource
 * @param initialStable what the stable arm has before the first promotion
 */
public record RolloutPlan(Limiter candidate, Limiter initialStable, Strategy strategy, StopLoss stopLoss) {}
