package sluice.operator.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What the findings and the observation say against going on. */
final class Evidence {
    /** Above this share of the requests one identity is suspicious. */
    private static final double MOST = 0.5;

    private final RolloutState state;
    private final Observation observation;
    private final List<Finding> findings;

    Evidence(RolloutState state, Observation observation, List<Finding> findings) {
        this.state = state;
        this.observation = observation;
        this.findings = findings;
    }

    static Decision.Hold hold(HoldReason kind, String message) {
        return new Decision.Hold(kind, kind.text(), message, Optional.empty());
    }

    static Decision.Hold hold(HoldReason kind, String message, Instant until) {
        return new Decision.Hold(kind, kind.text(), message, Optional.of(until));
    }

    /** The same, as if there were no rule about this signal. */
    Evidence without(Signal signal) {
        return new Evidence(
                state,
                observation,
                findings.stream()
                        .filter(finding -> !finding.signal().equals(signal))
                        .toList());
    }

    /** The first broken rule, if one is. */
    Optional<Breach> broken() {
        for (Finding finding : findings) {
            if (finding.verdict() instanceof Verdict.Broken(Breach breach)) {
                return Optional.of(breach);
            }
        }
        return Optional.empty();
    }

    /** The first reason other than time why the rollout must stay where it is. */
    Optional<Decision.Hold> obstacle() {
        // A target that is gone has no pods either, but that is no state to wait in.
        if (observation.sidecars().scaledToZero() && observation.blockers().isEmpty()) {
            return Optional.of(hold(HoldReason.SCALED_TO_ZERO, "the target has no pods"));
        }
        Optional<Decision.Hold> unready = blocked().or(this::sidecarsNotReady);
        // Before the sidecars are in place there is nothing that could have data.
        return state.progress() instanceof Progress.Injecting
                ? unready
                : missing()
                        .or(() -> unready)
                        .or(this::noTraffic)
                        .or(this::suspicious)
                        .or(this::breaching);
    }

    /** Whether nobody is there to be watched, whatever else keeps the rollout. */
    boolean unwatched() {
        return observation.sidecars().scaledToZero() || noTraffic().isPresent();
    }

    Optional<Decision.Hold> blocked() {
        return observation.blockers().stream()
                .findFirst()
                .map(blocker ->
                        new Decision.Hold(HoldReason.BLOCKED, blocker.reason(), blocker.message(), Optional.empty()));
    }

    Optional<Decision.Hold> serviceBreaching() {
        return breaches()
                .findFirst()
                .map(finding ->
                        hold(HoldReason.SERVICE_BREACHING, "before anything was changed " + Sentences.of(finding)));
    }

    Optional<Decision.Hold> missing() {
        return observation
                .signals()
                .partial()
                .or(this::unknownRule)
                .or(this::unknownTraffic)
                .or(() -> why(observation.signals().busiestIdentity(), "busiest identity"))
                .map(why -> hold(HoldReason.NO_DATA, why));
    }

    private Optional<String> unknownRule() {
        for (Finding finding : findings) {
            if (finding.verdict() instanceof Verdict.Unknown(String why)) {
                return Optional.of(Sentences.name(finding) + ": " + why);
            }
        }
        return Optional.empty();
    }

    private Optional<String> unknownTraffic() {
        for (Scope scope : state.watchedScopes()) {
            if (observation.signals().requests(scope) instanceof Reading.Missing(String why, var _)) {
                return Optional.of("requests (" + scope.text() + "): " + why);
            }
        }
        return Optional.empty();
    }

    /** What is missing of what a comeback needs to see while nothing is exposed: what the candidate is compared with, too. */
    Optional<Decision.Hold> missingAtRest(StopLoss stopLoss) {
        return missing()
                .or(() -> missingOfTheCandidate(stopLoss))
                .or(() -> stopLoss.rules().stream()
                        .filter(rule -> rule.signal().equals(Signal.THROTTLED_RATIO))
                        .findFirst()
                        .flatMap(rule -> why(
                                observation.signals().reading(rule.signal(), Scope.STABLE),
                                rule.signal().text() + " (" + Scope.STABLE.text() + ")"))
                        .map(why -> hold(HoldReason.NO_DATA, why)));
    }

    // Nobody but a recording can tell of the candidate while nothing is exposed.
    private Optional<Decision.Hold> missingOfTheCandidate(StopLoss stopLoss) {
        return stopLoss.rules().stream()
                .map(StopLossRule::signal)
                .filter(signal -> observation.signals().has(signal, Scope.CANDIDATE))
                .flatMap(signal -> why(
                        observation.signals().reading(signal, Scope.CANDIDATE),
                        signal.text() + " (" + Scope.CANDIDATE.text() + ")")
                        .stream())
                .findFirst()
                .map(why -> hold(HoldReason.NO_DATA, why));
    }

    private static Optional<String> why(Reading reading, String name) {
        return reading instanceof Reading.Missing(String why, var _)
                ? Optional.of(name + ": " + why)
                : Optional.empty();
    }

    private Optional<Decision.Hold> sidecarsNotReady() {
        return observation.sidecars().ready()
                ? Optional.empty()
                : Optional.of(hold(HoldReason.SIDECARS_NOT_READY, "sidecars are not ready: " + observation.sidecars()));
    }

    Optional<Decision.Hold> noTraffic() {
        for (Scope scope : state.watchedScopes()) {
            if (observation.signals().requests(scope) instanceof Reading.NoTraffic) {
                return Optional.of(hold(HoldReason.NO_TRAFFIC, "there are no requests (" + scope.text() + ")"));
            }
        }
        for (Finding finding : findings) {
            if (finding.verdict() instanceof Verdict.NoTraffic) {
                return Optional.of(hold(
                        HoldReason.NO_TRAFFIC, "there are no requests to judge " + Sentences.name(finding) + " by"));
            }
        }
        return Optional.empty();
    }

    private Optional<Decision.Hold> suspicious() {
        OptionalDouble share = observation.signals().busiestIdentity() instanceof Reading.Value(Samples samples)
                ? OptionalDouble.of(samples.last().value())
                : OptionalDouble.empty();
        return share.isPresent() && share.getAsDouble() > MOST
                ? Optional.of(hold(
                        HoldReason.SUSPICIOUS,
                        "one identity makes %.0f%% of the requests; if these are many callers, check spec.limiter.identity.trustedProxies"
                                .formatted(share.getAsDouble() * 100)))
                : Optional.empty();
    }

    Optional<Decision.Hold> breaching() {
        return breaches().findFirst().map(finding -> hold(HoldReason.BREACHING, Sentences.of(finding)));
    }

    /** What breaches, the worst first. */
    Stream<Finding> breaches() {
        return findings.stream().filter(Finding::isBreach);
    }
}
