package sluice.operator.reconcile;

import java.time.Duration;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.RolloutState;

/**
 * What is in status, and what it takes to carry it out.
 *
 * @param state what {@code rollout}'s status says
 * @param replicas how many pods share a limit
 */
record Committed(
        RateLimitRollout rollout, RolloutState state, Optional<Target> target, int replicas, Duration deadManSwitch) {}
