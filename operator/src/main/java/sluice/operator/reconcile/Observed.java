package sluice.operator.reconcile;

import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;

/**
 * Everything that one evaluation goes by.
 *
 * @param watched whether signals were read; where nothing can be decided by them they are not
 * @param sidecarImage what new pods get
 * @param figures how the service is; read when a snapshot is due
 */
record Observed(
        RateLimitRollout rollout,
        RolloutKey key,
        RolloutPlan plan,
        RolloutState state,
        Observation observation,
        SidecarCensus census,
        Optional<Target> target,
        boolean watched,
        String sidecarImage,
        Optional<Figures> figures) {}
