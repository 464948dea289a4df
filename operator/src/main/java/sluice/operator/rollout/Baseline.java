package sluice.operator.rollout;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the whole service showed before the candidate's first step; frozen for the run.
 *
 * @param values of the signals that a rule compares with a baseline
 */
public record Baseline(Map<Signal, Double> values, Instant frozenAt) {
    public Baseline {
        values = Map.copyOf(values);
    }

    public OptionalDouble of(Signal signal) {
        Double value = values.get(signal);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
