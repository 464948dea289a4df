package sluice.operator.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to read for one rollout.
 *
 * @param candidateRevision present while a candidate arm takes requests
 * @param baseline whether baselines are wanted, because they are about to be frozen
 * @param readySince for every pod that must be seen, since when it takes requests
 */
public record SignalQuery(
        String namespace,
        String rollout,
        Optional<String> candidateRevision,
        boolean baseline,
        List<Instant> readySince) {
    public SignalQuery {
        readySince = List.copyOf(readySince);
    }

    /** What the next decision from {@code state} needs. */
    public static SignalQuery of(String namespace, String rollout, RolloutState state, List<Instant> readySince) {
        Optional<String> candidate = state.progress() instanceof Progress.Exposed exposed
                ? Optional.of(exposed.run().candidate().revision())
                : Optional.empty();
        return new SignalQuery(
                namespace, rollout, candidate, state.progress() instanceof Progress.Observing, readySince);
    }
}
