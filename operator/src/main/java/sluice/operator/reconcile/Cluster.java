package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.TargetRef;
import sluice.operator.control.RolloutKey;

/** What is known of the cluster: from caches, so it may be a moment old. */
public interface Cluster {

    Optional<Target> target(String namespace, TargetRef target);

    /** Every pod whose label names the rollout, whether or not it has a sidecar. */
    List<Pod> pods(RolloutKey rollout);

    List<Service> services(String namespace);

    List<NetworkPolicy> networkPolicies(String namespace);

    List<RateLimitRollout> rollouts(String namespace);

    /** The bootstrap ConfigMap. */
    Optional<ConfigMap> bootstrap(RolloutKey rollout);

    /** Whether this operator may run Jobs for hooks. */
    boolean runsHooks();

    /** The Jobs of the rollout's hooks, whatever became of them. */
    List<Job> hookJobs(RolloutKey rollout);
}
