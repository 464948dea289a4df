package sluice.operator.rollout;

import java.util.List;

/**
 * What was seen before a decision.
 *
 * @param blockers empty when a rollout may begin
 */
public record Observation(Sidecars sidecars, Signals signals, List<Blocker> blockers) {
    public Observation {
        blockers = List.copyOf(blockers);
    }
}
