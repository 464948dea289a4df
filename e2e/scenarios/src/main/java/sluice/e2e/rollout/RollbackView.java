package sluice.e2e.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * A rollback as {@code status.lastRollback} tells it.
 *
 * @param reason the signal, NoData or ProgressDeadlineExceeded
 * @param lastSample the newest that was looked at
 * @param lastAckAt when the last sidecar confirmed; empty while any has not
 */
public record RollbackView(
        String revision,
        String reason,
        String scope,
        Optional<Instant> firstBreachingSample,
        Optional<Instant> lastSample,
        Optional<Instant> decidedAt,
        Optional<Instant> committedAt,
        Optional<Instant> lastAckAt) {

    static RollbackView of(JsonNode rollback) {
        return new RollbackView(
                rollback.path("revision").asText(),
                rollback.path("reason").asText(),
                rollback.path("scope").asText(),
                time(rollback, "firstBreachingSample"),
                time(rollback, "lastSample"),
                time(rollback, "decidedAt"),
                time(rollback, "committedAt"),
                time(rollback, "lastAckAt").or(() -> time(rollback, "finishedAt")));
    }

    private static Optional<Instant> time(JsonNode node, String field) {
        return Optional.of(node.path(field).asText(""))
                .filter(text -> !text.isEmpty())
                .map(Instant::parse);
    }
}
