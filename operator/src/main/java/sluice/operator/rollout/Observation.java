package sluice.operator.rollout;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen before a decision.
 *
 * @param blockers empty when a rollout may begin
 * @param leasesOver whether every sidecar that has not acknowledged the epoch is out of reach, and for longer than its lease lasts
 * @param hooks what was seen of the Jobs of running hooks; nothing of one that is not there and was not refused
 */
public record Observation(
        Sidecars sidecars, Signals signals, List<Blocker> blockers, boolean leasesOver, Map<HookRun, HookSeen> hooks) {
    public Observation {
        blockers = List.copyOf(blockers);
        hooks = Map.copyOf(hooks);
    }

    /** Of a rollout without hooks. */
    public Observation(Sidecars sidecars, Signals signals, List<Blocker> blockers, boolean leasesOver) {
        this(sidecars, signals, blockers, leasesOver, Map.of());
    }

    /** Of sidecars that may have a lease. */
    public Observation(Sidecars sidecars, Signals signals, List<Blocker> blockers) {
        this(sidecars, signals, blockers, false);
    }

    /** Why the Job of a hook cannot be created, in a sentence that names the hook. */
    public Optional<String> refusal(HookRun run) {
        return hooks.get(run) instanceof HookSeen.Refused(String why)
                ? Optional.of("hook " + run.hook() + ": " + why)
                : Optional.empty();
    }
}
