package sluice.operator.rollout;

import java.util.List;

/**
 * What was seen before a decision.
 *
 * @param blockers empty when a rollout may begin
 * @param leasesOver whether every sidecar that has not acknowledged the epoch is out of reach, and for longer than its lease lasts
 */
public record Observation(Sidecars sidecars, Signals signals, List<Blocker> blockers, boolean leasesOver) {
    public Observation {
        blockers = List.copyOf(blockers);
    }

    /** Of sidecars that may have a lease. */
    public Observation(Sidecars sidecars, Signals signals, List<Blocker> blockers) {
        this(sidecars, signals, blockers, false);
    }
}
