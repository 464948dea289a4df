package sluice.operator.rollout;

/**
 * What the resource asks for.
 *
 * @param candidate the limiter in the resource
 * @param initialStable what the stable arm has before the first promotion
 * @param instructions no part of what is rolled out
 */
public record RolloutPlan(
        Limiter candidate,
        Limiter initialStable,
        Strategy strategy,
        StopLoss stopLoss,
        Gates gates,
        Instructions instructions) {

    /** A plan that time alone carries, and nobody has a say in. */
    public RolloutPlan(Limiter candidate, Limiter initialStable, Strategy strategy, StopLoss stopLoss) {
        this(candidate, initialStable, strategy, stopLoss, Gates.NONE, Instructions.NONE);
    }
}
