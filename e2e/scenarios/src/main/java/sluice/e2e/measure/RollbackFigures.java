package sluice.e2e.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.e2e.load.LoadResults;
import sluice.e2e.log.CollectedLogs;
import sluice.e2e.log.LogLine;
import sluice.e2e.log.PodLine;
import sluice.e2e.rollout.RollbackView;

/**
 * A rollback in figures; a time is absent when it was not seen.
 *
 * @param lastCandidateRequestAt when the last request was judged by the candidate
 * @param breachToDecisionMs from the first sample of the breach to the decision
 * @param commitToLastAckMs from the status update to the last sidecar's acknowledgement
 * @param candidateRequestsAfterLastAck requests judged by the candidate after that
 * @param failedRequestsNotInjected requests without an answer, or with a 5xx that the app did not send on purpose
 */
public record RollbackFigures(
        String signal,
        @Nullable Instant firstBreachingSample,
        @Nullable Instant decidedAt,
        @Nullable Instant committedAt,
        @Nullable Instant lastAckAt,
        @Nullable Instant lastCandidateRequestAt,
        @Nullable Long breachToDecisionMs,
        @Nullable Long commitToLastAckMs,
        long candidateRequestsAfterLastAck,
        int failedRequestsNotInjected) {

    /**
     * Counts a rollback that is over.
     *
     * @param from when the rollout that came back was applied
     * @param to when it was over, the proof in the logs included
     */
    public static RollbackFigures of(
            RollbackView rollback, CollectedLogs logs, LoadResults load, Instant from, Instant to) {
        var candidates = logs.requests(request -> request.inCandidateArm()
                && request.at().isAfter(from)
                && request.at().isBefore(to));
        var arrivals = candidates.stream().map(PodLine::line).map(LogLine.Request::at);
        return new RollbackFigures(
                rollback.reason(),
                rollback.firstBreachingSample().orElse(null),
                rollback.decidedAt().orElse(null),
                rollback.committedAt().orElse(null),
                rollback.lastAckAt().orElse(null),
                arrivals.max(Comparator.naturalOrder()).orElse(null),
                millis(rollback.firstBreachingSample(), rollback.decidedAt()),
                millis(rollback.committedAt(), rollback.lastAckAt()),
                candidates.stream()
                        .filter(entry -> isAfter(entry.line().at(), rollback.lastAckAt()))
                        .count(),
                load.between(from, to).failed().count());
    }

    private static boolean isAfter(Instant arrival, Optional<Instant> lastAck) {
        return lastAck.map(arrival::isAfter).orElse(false);
    }

    private static @Nullable Long millis(Optional<Instant> from, Optional<Instant> to) {
        return from.flatMap(start -> to.map(end -> Duration.between(start, end).toMillis()))
                .orElse(null);
    }
}
