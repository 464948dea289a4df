package sluice.e2e.measure;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import sluice.e2e.load.LoadResults;
import sluice.e2e.log.CollectedLogs;
import sluice.e2e.rollout.Seen;

/**
 * A promotion in figures.
 *
 * @param failedRequests requests of the load without an answer, or with a 5xx that the app did not send on purpose
 * @param failures what became of them and when, in words
 * @param totalRequests requests of the load from applying the resource to Promoted
 */
public record PromotionFigures(
        int failedRequests, @JsonIgnore String failures, int totalRequests, List<StepFigures> steps) {
    public PromotionFigures {
        steps = List.copyOf(steps);
    }

    /**
     * Counts a promotion that is over.
     *
     * @param history what the rollout showed since it was applied
     * @param from when it was applied
     * @param to when it was promoted
     */
    public static PromotionFigures of(
            List<Seen> history, CollectedLogs logs, LoadResults load, Instant from, Instant to) {
        var sent = load.between(from, to);
        var steps = StepRequests.byWeight(history, logs.requests(request -> true)).entrySet().stream()
                .map(step -> StepFigures.of(step.getKey(), step.getValue()))
                .toList();
        return new PromotionFigures(sent.failed().count(), sent.failed().summary(), sent.count(), steps);
    }
}
