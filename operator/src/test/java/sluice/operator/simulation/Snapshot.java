package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Everything that is stored, at one moment. */
record Snapshot(
        Optional<RateLimitRollout> rollout,
        Deployment target,
        List<Pod> pods,
        Optional<ConfigMap> bootstrap,
        List<Job> jobs) {

    Snapshot {
        pods = List.copyOf(pods);
        jobs = List.copyOf(jobs);
    }

    Snapshot withRollout(Optional<RateLimitRollout> other) {
        return new Snapshot(other, target, pods, bootstrap, jobs);
    }

    Snapshot withTarget(Deployment other) {
        return new Snapshot(rollout, other, pods, bootstrap, jobs);
    }

    Snapshot withPods(List<Pod> others) {
        return new Snapshot(rollout, target, others, bootstrap, jobs);
    }

    Snapshot withBootstrap(Optional<ConfigMap> other) {
        return new Snapshot(rollout, target, pods, other, jobs);
    }

    Snapshot withJobs(List<Job> others) {
        return new Snapshot(rollout, target, pods, bootstrap, others);
    }
}
