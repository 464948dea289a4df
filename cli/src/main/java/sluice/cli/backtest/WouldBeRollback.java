package sluice.cli.backtest;

import java.time.Instant;
import java.util.Optional;

/**
 * A rollback that would have been.
 *
 * @param startedAt when the imaginary rollout had begun
 * @param weight what was exposed, in percent
 * @param signal the signal, or {@code NoData} or {@code ProgressDeadlineExceeded}
 */
record WouldBeRollback(
        Instant at,
        Instant startedAt,
        String phase,
        int weight,
        String signal,
        Optional<Double> value,
        Optional<Double> threshold,
        String why) {}
