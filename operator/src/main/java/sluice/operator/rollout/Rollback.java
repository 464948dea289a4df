package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * A rollback that was decided.
 *
 * @param revision the candidate's
 * @param fromWeight what was exposed when it was decided, in percent
 * @param afterPromotion whether the candidate had been promoted, so that sidecars keep it until they hear of the rollback
 * @param committedAt when the status update that carries it was sent
 * @param finish present once every sidecar is back
 */
public record Rollback(
        String revision,
        RollbackReason reason,
        int fromWeight,
        boolean afterPromotion,
        Instant decidedAt,
        Optional<Instant> committedAt,
        Optional<Finish> finish) {
    /** When every sidecar was back, and how that is known. */
    public record Finish(RollbackProof proof, Instant at) {}

    Rollback committedAt(Instant at) {
        return new Rollback(revision, reason, fromWeight, afterPromotion, decidedAt, Optional.of(at), finish);
    }

    Rollback finished(RollbackProof proof, Instant at) {
        return new Rollback(
                revision,
                reason,
                fromWeight,
                afterPromotion,
                decidedAt,
                committedAt,
                Optional.of(new Finish(proof, at)));
    }
}
