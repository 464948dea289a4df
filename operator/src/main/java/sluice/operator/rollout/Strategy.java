package sluice.operator.rollout;

import java.time.Duration;
import java.util.List;

/**
 * How the candidate is exposed.
 *
 * @param observe how long sidecars are watched at weight 0 first
 * @param steps weights strictly rising to 100
 */
public record Strategy(Duration observe, List<Step> steps) {
    public Strategy {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || steps.getLast().weight() != 100) {
            throw new IllegalArgumentException("steps do not end at weight 100");
        }
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i - 1).weight() >= steps.get(i).weight()) {
                throw new IllegalArgumentException("steps do not rise: " + steps);
            }
        }
    }

    public boolean isLast(int step) {
        return step == steps.size() - 1;
    }
}
