package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one evaluation leaves for the next.
 *
 * @param evaluatedAt the last evaluation; of a state that was read back, the last that was written down, unless its {@link Look} is known
 * @param missingSince since when data have been missing without a break
 * @param presentSince after a rollback for missing data: since when data have been there again without a break
 * @param stalledSince since when something other than time or data has kept the rollout from progressing
 * @param stableThrottled the last ThrottledRatio that the stable arm showed
 */
public record Timers(
        Optional<Instant> evaluatedAt,
        Optional<Instant> missingSince,
        Optional<Instant> presentSince,
        Optional<Instant> stalledSince,
        OptionalDouble stableThrottled) {
    /** Nothing is running. */
    public static final Timers NONE =
            new Timers(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), OptionalDouble.empty());
}
