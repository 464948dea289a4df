package sluice.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.Orders;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Timers;

/**
 * Takes a deleted rollout down: the stable limiter for everyone at once, then the label off, and the ConfigMap goes with the resource when
 * the last pod with a sidecar has gone. Nothing waits for a target that is gone, nor for ever.
 */
final class Farewell {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Cluster cluster;
    private final RolloutObserver observer;
    private final Derivations derivations;
    private final InstantSource clock;

    Farewell(Cluster cluster, RolloutObserver observer, Derivations derivations, InstantSource clock) {
        this.cluster = cluster;
        this.observer = observer;
        this.derivations = derivations;
        this.clock = clock;
    }

    /** Does what there is to do; true when the resource may go. */
    boolean isOver(RateLimitRollout rollout) {
        var state = CommittedState.of(rollout);
        // First, so that a label that cannot be removed holds nobody up for longer.
        if (rollout.getSpec() == null || state.isEmpty() || isOverdue(rollout)) {
            return true;
        }
        var target = observer.target(rollout);
        if (target.isEmpty()) {
            return true;
        }
        var leaving = leaving(state.get());
        var census = observer.census(rollout, leaving, target);
        derivations.apply(
                new Committed(rollout, leaving, target, census.sidecars().desired(), deadManSwitch(rollout)));
        return cluster.pods(RolloutObserver.key(rollout)).stream().noneMatch(SidecarCensus::isInjected);
    }

    /** Not committed: it follows from the last commit and the deletion, so that a restarted operator comes to the same. */
    private RolloutState leaving(RolloutState state) {
        return new RolloutState(
                state.epoch() + 1,
                state.stable(),
                state.stablePromoted(),
                false,
                new Progress.Pending(clock.instant(), state.lastCandidate()),
                Timers.NONE,
                Orders.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private boolean isOverdue(RateLimitRollout rollout) {
        var since = Instant.parse(rollout.getMetadata().getDeletionTimestamp());
        return clock.instant().isAfter(since.plus(PATIENCE));
    }

    private static Duration deadManSwitch(RateLimitRollout rollout) {
        try {
            return PlanMapping.toPlan(rollout.getSpec(), Optional.empty())
                    .stopLoss()
                    .deadManSwitch();
        } catch (IllegalArgumentException invalid) {
            return Duration.ofMinutes(2);
        }
    }
}
