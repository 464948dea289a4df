package sluice.operator.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How much more the candidate throttles than the stable limiter: their ratios subtracted at the same instants.
 *
 * <p>Where the stable arm has no sample because it had no requests, its last known ratio stands in, and zero when there is none. At weight
 * 100 that is the rule, so there a missing stable arm is no missing data.
 */
final class ThrottledDifference {
    private ThrottledDifference() {}

    static Reading of(Reading candidate, Reading stable, boolean everyone, OptionalDouble lastStable) {
        if (!(candidate instanceof Reading.Value value)) {
            // Ratios, of which nothing has been subtracted, break no rule about the difference.
            return candidate.after(List.of());
        }
        return switch (stable) {
            case Reading.Missing missing when !everyone -> missing.after(List.of());
            case Reading.Missing _, Reading.NoTraffic _ -> subtract(value.samples(), List.of(), lastStable.orElse(0));
            case Reading.Value seen -> subtract(value.samples(), seen.samples().all(), lastStable.orElse(0));
        };
    }

    private static Reading subtract(Samples candidate, List<Sample> stable, double lastStable) {
        List<Sample> differences = new ArrayList<>();
        double known = stable.isEmpty() ? lastStable : stable.getFirst().value();
        int next = 0;
        for (Sample sample : candidate.all()) {
            while (next < stable.size() && !stable.get(next).at().isAfter(sample.at())) {
                known = stable.get(next++).value();
            }
            differences.add(new Sample(sample.at(), sample.value() - known));
        }
        return new Reading.Value(new Samples(differences));
    }
}
