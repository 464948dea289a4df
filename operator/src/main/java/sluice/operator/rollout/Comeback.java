package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a candidate that was rolled back for missing data may start over: once data have been there without a break for as long as it took to
 * believe that they were missing, and not before a time after the rollback that doubles with each in a row.
 */
final class Comeback {
    /** As in a crash loop, somebody who has mended it should not have to wait for days. */
    private static final Duration LONGEST = Duration.ofHours(6);

    private final StopLoss stopLoss;
    private final RolloutState state;
    private final Instant now;

    Comeback(StopLoss stopLoss, RolloutState state, Instant now) {
        this.stopLoss = stopLoss;
        this.state = state;
        this.now = now;
    }

    /** Why it may not yet, provided that data are there now. */
    Optional<Decision.Hold> tooSoon(Rollback rollback) {
        Instant since = state.timers().presentSince().orElse(now);
        Instant believed = since.plus(stopLoss.noDataAfter());
        Instant rested = rollback.decidedAt().plus(pause());
        Instant until = believed.isAfter(rested) ? believed : rested;
        return now.isBefore(until)
                ? Optional.of(Evidence.hold(
                        HoldReason.BACKING_OFF,
                        "data are there since %s; rollbacks in a row for missing data: %d; starts over at %s"
                                .formatted(since, inARow(), until),
                        until))
                : Optional.empty();
    }

    private Duration pause() {
        Duration doubled = stopLoss.noDataAfter().multipliedBy(1L << Math.max(0, inARow() - 1));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }

    /** At most as many as history keeps. */
    private int inARow() {
        return (int) state.history().stream().takeWhile(this::isAnother).count();
    }

    private boolean isAnother(HistoryEntry entry) {
        return state.history().getFirst().revision().equals(entry.revision())
                && RollbackReason.NO_DATA.equals(entry.reason());
    }
}
