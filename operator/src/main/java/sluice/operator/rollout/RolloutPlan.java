package sluice.operator.rollout;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** Every query that a rule or a gate asks, once. */
    public Set<Signal.Query> queries() {
        return Stream.concat(
                        stopLoss.rules().stream().map(StopLossRule::signal),
                        gates.all().stream().map(Gate::signal))
                .flatMap(signal -> signal instanceof Signal.Query query ? Stream.of(query) : Stream.empty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** A plan that time alone carries, and nobody has a say in. */
    public RolloutPlan(Limiter candidate, Limiter initialStable, Strategy strategy, StopLoss stopLoss) {
        this(candidate, initialStable, strategy, stopLoss, Gates.NONE, Instructions.NONE);
    }
}
