package sluice.operator.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to read for one rollout.
 *
 * @param candidateRevision present while a candidate arm takes requests
 * @param stepSince present while a candidate takes requests: since when its requests count for the present step
 * @param baseline whether baselines are wanted, because they are about to be frozen
 * @param readySince for every pod that must be seen, since when it takes requests
 */
public record SignalQuery(
        String namespace,
        String rollout,
        Optional<String> candidateRevision,
        Optional<Instant> stepSince,
        boolean baseline,
        List<Instant> readySince) {
    public SignalQuery {
        readySince = List.copyOf(readySince);
    }

    /** What the next decision from {@code state} needs. */
    public static SignalQuery of(String namespace, String rollout, RolloutState state, List<Instant> readySince) {
        Optional<Progress.Exposed> exposed =
                state.progress() instanceof Progress.Exposed where ? Optional.of(where) : Optional.empty();
        return new SignalQuery(
                namespace,
                rollout,
                exposed.map(where -> where.run().candidate().revision()),
                exposed.map(where -> where.canary().holdStartedAt()),
                state.progress() instanceof Progress.Observing,
                readySince);
    }
}
