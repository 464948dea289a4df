package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * Where an evaluation left a step's clock. Not every evaluation is worth writing down; whoever carries this to the next loses nothing by that.
 *
 * @param at when it was
 * @param epoch of the state that it led to
 * @param holdStartedAt of the step, if there is one
 */
public record Look(Instant at, long epoch, Optional<Instant> holdStartedAt) {
    /** The look that led to this state; none if none did. */
    public static Optional<Look> of(RolloutState evaluated) {
        return evaluated
                .timers()
                .evaluatedAt()
                .map(at -> new Look(
                        at,
                        evaluated.epoch(),
                        evaluated.progress() instanceof Progress.Exposed exposed
                                ? Optional.of(exposed.canary().holdStartedAt())
                                : Optional.empty()));
    }

    /** The committed state as this look left it; unchanged when something newer was committed since. */
    public RolloutState in(RolloutState committed) {
        Timers timers = committed.timers();
        if (epoch != committed.epoch()
                || timers.evaluatedAt().filter(last -> !at.isBefore(last)).isEmpty()) {
            return committed;
        }
        StateDraft draft = new StateDraft(committed)
                .timers(new Timers(
                        Optional.of(at),
                        timers.missingSince(),
                        timers.presentSince(),
                        timers.stalledSince(),
                        timers.stableThrottled()));
        return committed.progress() instanceof Progress.Exposed exposed && holdStartedAt.isPresent()
                ? draft.progress(exposed.holdingFrom(holdStartedAt.get())).done()
                : draft.done();
    }
}
