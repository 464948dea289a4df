package sluice.operator.rollout;

import java.time.Instant;

/**
 * A candidate that takes requests.
 *
 * @param step index into the strategy's steps, from 0
 * @param since when the first step began; earlier samples of the candidate arm do not count
 * @param stepStartedAt when the present step began
 * @param holdStartedAt when the present step's hold began, or began again because nobody was watching; later by the time in which nobody
 *     called
 */
public record Canary(int step, Instant since, Instant stepStartedAt, Instant holdStartedAt, Baseline baseline) {
    /** A step whose hold began with it. */
    public Canary(int step, Instant since, Instant holdStartedAt, Baseline baseline) {
        this(step, since, holdStartedAt, holdStartedAt, baseline);
    }

    Canary atStep(int next, Instant now) {
        return new Canary(next, since, now, now, baseline);
    }

    Canary holdingFrom(Instant now) {
        return new Canary(step, since, stepStartedAt, now, baseline);
    }
}
