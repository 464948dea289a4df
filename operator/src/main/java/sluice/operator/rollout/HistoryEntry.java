package sluice.operator.rollout;

import java.time.Instant;

/**
 * How an earlier attempt ended.
 *
 * @param outcome {@code Promoted}, {@code RolledBack} or {@code Superseded}
 * @param reason why, for a rollback the signal
 */
public record HistoryEntry(String revision, String outcome, String reason, Instant at) {
    /** How many are kept. */
    public static final int MAX = 10;
}
