package sluice.operator.rollout;

import java.util.Optional;
import java.util.stream.Stream;

/** Looks at the gates of a step whose hold is over. What cannot be seen does not pass. */
final class GateKeeper {
    private final RolloutPlan plan;
    private final RolloutState state;
    private final Signals signals;

    GateKeeper(RolloutPlan plan, RolloutState state, Signals signals) {
        this.plan = plan;
        this.state = state;
        this.signals = signals;
    }

    /** Why the step may not be left, in a sentence; empty when it may. */
    Optional<String> closed() {
        return Stream.concat(tooFew().stream(), plan.gates().all().stream().flatMap(gate -> closed(gate).stream()))
                .findFirst();
    }

    private Optional<String> tooFew() {
        long wanted = plan.gates().minimumRequests();
        if (wanted == 0) {
            return Optional.empty();
        }
        return switch (signals.stepRequests()) {
            case Reading.Value(Samples samples) when samples.last().value() >= wanted -> Optional.empty();
            case Reading.Value(Samples samples) ->
                Optional.of("the candidate has seen %.0f of %d requests in this step"
                        .formatted(Math.floor(samples.last().value()), wanted));
            case Reading.NoTraffic _ ->
                Optional.of("the candidate has seen none of %d requests in this step".formatted(wanted));
            case Reading.Missing(String why, var _) -> Optional.of("requests of this step: " + why);
        };
    }

    private Optional<String> closed(Gate gate) {
        String name = "gate " + gate.signal().text();
        return switch (reading(gate.signal())) {
            case Reading.Value(Samples samples) when samples.last().value() <= gate.max() -> Optional.empty();
            case Reading.Value(Samples samples) ->
                Optional.of("%s: %s is over %s"
                        .formatted(name, Sentences.figure(samples.last().value()), Sentences.figure(gate.max())));
            case Reading.NoTraffic _ -> Optional.of(name + ": there are no requests to judge by");
            case Reading.Missing(String why, var _) -> Optional.of(name + ": " + why);
        };
    }

    private Reading reading(Signal signal) {
        // A query is about the service; only a recording may tell the candidate's own.
        boolean whole = signal instanceof Signal.Query && !signals.has(signal, Scope.CANDIDATE);
        Reading candidate = signals.reading(signal, whole ? Scope.SERVICE : Scope.CANDIDATE);
        return signal.equals(Signal.THROTTLED_RATIO)
                ? ThrottledDifference.of(
                        candidate,
                        signals.reading(signal, Scope.STABLE),
                        state.weight() == 100,
                        state.timers().stableThrottled())
                : candidate;
    }
}
