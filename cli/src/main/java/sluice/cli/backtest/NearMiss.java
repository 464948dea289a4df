package sluice.cli.backtest;

import java.time.Duration;
import java.time.Instant;

/**
 * A breach that ended by itself.
 *
 * @param lasted an interval for each of its samples
 * @param window how long it would have had to last
 * @param peak the highest value
 */
record NearMiss(Instant since, String signal, double peak, double threshold, Duration lasted, Duration window) {
    /** How much of the time to a rollback had passed, from 0 to 1. */
    double share() {
        return Math.min(1, (double) lasted.toMillis() / window.toMillis());
    }
}
