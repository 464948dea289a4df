package sluice.operator.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How much more the candidate throttles than the stable limiter: their ratios subtracted at the same instants.
 *
 * <p>Where the stable arm has no sample because it had no requests, its last known ratio stands in, and zero when there is none. At weight
 * 100 that is the rule, so there a missing stable arm is no missing data. Below it nothing is known after the stable arm's last sample.
 */
final class ThrottledDifference {
    private ThrottledDifference() {}

    static Reading of(Reading candidate, Reading stable, boolean everyone, OptionalDouble lastStable) {
        if (stable instanceof Reading.Missing missing && !everyone) {
            Reading absent = candidate instanceof Reading.Value ? missing : candidate;
            List<Sample> known = until(candidate.seen(), missing.before());
            return absent.after(subtract(known, missing.before(), lastStable.orElse(0)));
        }
        List<Sample> differences = subtract(candidate.seen(), stable.seen(), lastStable.orElse(0));
        return candidate instanceof Reading.Value
                ? new Reading.Value(new Samples(differences))
                : candidate.after(differences);
    }

    private static List<Sample> until(List<Sample> candidate, List<Sample> stable) {
        return candidate.stream()
                .filter(sample -> !stable.isEmpty()
                        && !sample.at().isAfter(stable.getLast().at()))
                .toList();
    }

    private static List<Sample> subtract(List<Sample> candidate, List<Sample> stable, double lastStable) {
        List<Sample> differences = new ArrayList<>();
        double known = stable.isEmpty() ? lastStable : stable.getFirst().value();
        int next = 0;
        for (Sample sample : candidate) {
            while (next < stable.size() && !stable.get(next).at().isAfter(sample.at())) {
                known = stable.get(next++).value();
            }
            differences.add(new Sample(sample.at(), sample.value() - known));
        }
        return differences;
    }
}
