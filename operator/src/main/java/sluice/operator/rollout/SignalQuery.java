package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * What to read for one rollout.
 *
 * @param candidateRevision present while a candidate arm takes requests
 * @param baselineSince present while observing: since when the service is seen in its present form
 */
public record SignalQuery(
        String namespace, String rollout, Optional<String> candidateRevision, Optional<Instant> baselineSince) {

    /** What the next decision from {@code state} needs. */
    public static SignalQuery of(String namespace, String rollout, RolloutState state) {
        Optional<String> candidate = state.progress() instanceof Progress.Exposed exposed
                ? Optional.of(exposed.run().candidate().revision())
                : Optional.empty();
        Optional<Instant> baselineSince = state.progress() instanceof Progress.Observing observing
                ? Optional.of(observing.since())
                : Optional.empty();
        return new SignalQuery(namespace, rollout, candidate, baselineSince);
    }
}
