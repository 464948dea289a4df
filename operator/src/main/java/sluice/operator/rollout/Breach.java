package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A broken rule with the samples that broke it.
 *
 * @param value the newest sample's
 * @param samples the newest of the window, at most {@value #MAX_SAMPLES}, in the order of time
 */
public record Breach(
        Signal signal,
        Scope scope,
        double value,
        double threshold,
        Duration window,
        Instant firstBreachingSample,
        Instant lastSample,
        List<Sample> samples) {
    /** Status stays small whatever the window is. */
    public static final int MAX_SAMPLES = 30;

    public Breach {
        samples = List.copyOf(samples.subList(Math.max(0, samples.size() - MAX_SAMPLES), samples.size()));
    }
}
