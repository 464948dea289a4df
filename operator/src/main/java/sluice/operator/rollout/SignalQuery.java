package sluice.operator.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to read for one rollout.
 *
 * @param candidateRevision present while a candidate arm takes requests
 * @param stepSince present while a candidate takes requests: since when its requests count for the present step
 * @param comparedSince per arm since when its requests count for a comparison; empty as long as none is about to be made
 * @param baseline whether baselines are wanted, because they are about to be frozen
 * @param readySince for every pod that must be seen, since when it takes requests
 */
public record SignalQuery(
        String namespace,
        String rollout,
        Optional<String> candidateRevision,
        Optional<Instant> stepSince,
        Map<Scope, Instant> comparedSince,
        boolean baseline,
        List<Instant> readySince) {
    public SignalQuery {
        comparedSince = Map.copyOf(comparedSince);
        readySince = List.copyOf(readySince);
    }

    /** For a plan without a comparison. */
    public SignalQuery(
            String namespace,
            String rollout,
            Optional<String> candidateRevision,
            Optional<Instant> stepSince,
            boolean baseline,
            List<Instant> readySince) {
        this(namespace, rollout, candidateRevision, stepSince, Map.of(), baseline, readySince);
    }

    /** What the next decision from {@code state} needs, at {@code now}. */
    public static SignalQuery of(
            String namespace,
            String rollout,
            RolloutPlan plan,
            RolloutState state,
            List<Instant> readySince,
            Instant now) {
        Optional<Progress.Exposed> exposed =
                state.progress() instanceof Progress.Exposed where ? Optional.of(where) : Optional.empty();
        return new SignalQuery(
                namespace,
                rollout,
                exposed.map(where -> where.run().candidate().revision()),
                exposed.map(where -> where.canary().stepStartedAt()),
                exposed.filter(where -> mayBeLeft(where, plan, state, now))
                        .map(SignalQuery::compared)
                        .orElse(Map.of()),
                state.progress() instanceof Progress.Observing,
                readySince);
    }

    /** Whether the hold may be over, be it by a command that is still to be obeyed. */
    private static boolean mayBeLeft(Progress.Exposed exposed, RolloutPlan plan, RolloutState state, Instant now) {
        return plan.gates().comparison().isPresent()
                && (exposed.holdIsOver(state.orders(), now)
                        || plan.instructions()
                                .command()
                                .filter(command -> state.orders().isNew(command))
                                .isPresent());
    }

    private static Map<Scope, Instant> compared(Progress.Exposed exposed) {
        return Map.of(
                Scope.CANDIDATE, exposed.comparedSince(Scope.CANDIDATE),
                Scope.STABLE, exposed.comparedSince(Scope.STABLE));
    }
}
