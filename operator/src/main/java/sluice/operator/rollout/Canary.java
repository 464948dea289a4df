package sluice.operator.rollout;

import java.time.Instant;

/**
 * A candidate that takes requests.
 *
 * @param step index into the strategy's steps, from 0
 * @param since when the first step began; earlier samples of the candidate arm do not count
 * @param holdStartedAt when the present step's hold began
 */
public record Canary(int step, Instant since, Instant holdStartedAt, Baseline baseline) {
    Canary atStep(int next, Instant now) {
        return new Canary(next, since, now, baseline);
    }

    Canary holdingFrom(Instant now) {
        return new Canary(step, since, now, baseline);
    }
}
