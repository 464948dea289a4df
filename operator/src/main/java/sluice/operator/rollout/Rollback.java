package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * A rollback that was decided.
 *
 * @param revision the candidate's
 * @param fromWeight what was exposed when it was decided, in percent
 * @param committedAt when the status update that carries it was sent
 */
public record Rollback(
        String revision, RollbackReason reason, int fromWeight, Instant decidedAt, Optional<Instant> committedAt) {
    Rollback committedAt(Instant at) {
        return new Rollback(revision, reason, fromWeight, decidedAt, Optional.of(at));
    }
}
