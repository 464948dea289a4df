package sluice.operator.rollout;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the resource asks for.
 *
 * @param candidate the limiter in the resource
 * @param initialStable what the stable arm has before the first promotion
 * @param instructions no part of what is rolled out
 * @param hooks no part of it either: a change of them takes effect where the rollout is
 */
public record RolloutPlan(
        Limiter candidate,
        Limiter initialStable,
        Strategy strategy,
        StopLoss stopLoss,
        Gates gates,
        Instructions instructions,
        List<Hook> hooks) {
    public RolloutPlan {
        hooks = List.copyOf(hooks);
    }

    /** A plan without hooks. */
    public RolloutPlan(
            Limiter candidate,
            Limiter initialStable,
            Strategy strategy,
            StopLoss stopLoss,
            Gates gates,
            Instructions instructions) {
        this(candidate, initialStable, strategy, stopLoss, gates, instructions, List.of());
    }

    /** The hooks that run there. */
    Stream<Hook> hooksAt(HookPoint point) {
        return hooks.stream().filter(hook -> hook.when() == point);
    }

    /** Whether what it asks for is the promoted limiter. */
    boolean isPromotedAlready(RolloutState state) {
        return state.stablePromoted()
                && candidate.revision().equals(state.stable().revision());
    }

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
