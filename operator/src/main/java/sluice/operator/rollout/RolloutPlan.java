package sluice.operator.rollout;

import java.time.Duration;
import java.util.Optional;

/**
 * What the resource asks for.
 *
 * @param candidate the limiter in the resource
 * @param initialStable what the stable arm has before the first promotion
 * @param maintenance present when the service is to be closed: what callers are told to wait. No part of what is rolled out
 */
public record RolloutPlan(
        Limiter candidate,
        Limiter initialStable,
        Strategy strategy,
        StopLoss stopLoss,
        Optional<Duration> maintenance) {

    /** For a service that is to be open. */
    public RolloutPlan(Limiter candidate, Limiter initialStable, Strategy strategy, StopLoss stopLoss) {
        this(candidate, initialStable, strategy, stopLoss, Optional.empty());
    }
}
