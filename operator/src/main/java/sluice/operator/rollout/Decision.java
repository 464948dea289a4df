package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/** What a rollout does next. */
public sealed interface Decision {
    /**
     * Nothing changes for sidecars.
     *
     * @param reason a condition's reason: the kind's, or the blocker's
     * @param until when it ends by itself, where time alone is waited for
     */
    record Hold(HoldReason kind, String reason, String message, Optional<Instant> until) implements Decision {}

    /** A new candidate, or a new strategy for it, waits to begin; whatever ran is dropped at weight 0. */
    record Accept(Limiter candidate) implements Decision {}

    /** The candidate is the promoted limiter already. */
    record Settle() implements Decision {}

    /** Sidecars are put in place. */
    record Inject(Limiter candidate) implements Decision {}

    /** Sidecars are in place; the observation begins. */
    record Observe() implements Decision {}

    /** The baseline is frozen and the first step begins. */
    record Start(int weight, Baseline baseline) implements Decision {}

    /**
     * The next step begins.
     *
     * @param step its index, from 0
     */
    record Advance(int step, int weight) implements Decision {}

    /** The candidate becomes the stable limiter. */
    record Promote(Limiter candidate) implements Decision {}

    /** The time in which a broken rule takes a promoted limiter back is over. */
    record Disarm() implements Decision {}

    /** Back to weight 0 at once, and from a promoted limiter to the stable one before it. */
    record RollBack(RollbackReason reason, boolean removesSidecars) implements Decision {}

    /** Every sidecar is back. */
    record FinishRollBack(RollbackProof proof) implements Decision {}

    /** Data have been back for long enough after a rollback for missing data: the same candidate starts over from the observation. */
    record StartOver(Limiter candidate) implements Decision {}
}
