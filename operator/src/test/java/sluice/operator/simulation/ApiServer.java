package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;

/** What is stored, with versions and their preconditions. Objects in it are never changed, only replaced. */
final class ApiServer {

    /** What informers watch. */
    enum Kind {
        ROLLOUT,
        TARGET,
        PODS,
        BOOTSTRAP,
        JOBS
    }

    /** Who leads. */
    record Lease(String holder, long renewedAt) {}

    /**
     * Where a commit comes from.
     *
     * @param base the version that was decided on
     * @param look what was read of signals in that turn
     * @param pods that were seen in that turn
     */
    record Origin(OperatorProcess process, String base, Optional<SignalsAsSeen.Look> look, List<Pod> pods) {}

    /** Hears of every commit of a status. */
    interface Commits {
        void committed(Origin origin, RateLimitRollout before, RateLimitRollout after);
    }

    private final List<Consumer<Kind>> watches = new ArrayList<>();
    private final List<Commits> commits = new ArrayList<>();
    private final Set<String> events = new HashSet<>();
    private Snapshot stored;
    private Lease lease = new Lease("", Long.MIN_VALUE / 2);
    private long version = 1;

    ApiServer(RateLimitRollout rollout, Deployment target) {
        stored = new Snapshot(
                Optional.of(versioned(rollout)), versioned(target), List.of(), Optional.empty(), List.of());
    }

    Snapshot now() {
        return stored;
    }

    void onChange(Consumer<Kind> watch) {
        watches.add(watch);
    }

    void onCommit(Commits listener) {
        commits.add(listener);
    }

    Lease lease() {
        return lease;
    }

    void lease(Lease renewed) {
        lease = renewed;
    }

    Set<String> events() {
        return events;
    }

    /** Puts the status alone. */
    RateLimitRollout putStatus(RateLimitRollout changed, Origin origin) {
        var before = stored.rollout().orElseThrow(ApiServer::notFound);
        require(changed.getMetadata().getResourceVersion(), before.getMetadata().getResourceVersion());
        var after = copy(before);
        after.setStatus(changed.getStatus());
        store(versioned(after));
        commits.forEach(listener -> listener.committed(origin, before, after));
        return after;
    }

    /** Somebody edits the rollout. Nothing happens when it is gone. */
    void edit(UnaryOperator<RateLimitRollout> edit) {
        stored.rollout().map(ApiServer::copy).map(edit).ifPresent(edited -> store(versioned(edited)));
    }

    void changeSpec(RateLimitRolloutSpec spec) {
        edit(rollout -> {
            rollout.setSpec(spec);
            rollout.getMetadata().setGeneration(rollout.getMetadata().getGeneration() + 1);
            return rollout;
        });
    }

    void removeFinalizer(String base) {
        var present = stored.rollout();
        present.ifPresent(rollout -> require(base, rollout.getMetadata().getResourceVersion()));
        stored = stored.withRollout(Optional.empty());
        changed(Kind.ROLLOUT);
    }

    private void store(RateLimitRollout rollout) {
        stored = stored.withRollout(Optional.of(rollout));
        changed(Kind.ROLLOUT);
    }

    /** Puts the ConfigMap as it is given, over the version that it names; absent: makes it. */
    void putBootstrap(ConfigMap map, Optional<String> over) {
        var present = stored.bootstrap().map(found -> found.getMetadata().getResourceVersion());
        if (!over.equals(present)) {
            throw conflict();
        }
        bootstrap(Optional.of(new ConfigMapBuilder(map)
                .editMetadata()
                .withResourceVersion(next())
                .endMetadata()
                .build()));
    }

    /** Somebody edits or removes the ConfigMap. */
    void bootstrap(Optional<ConfigMap> map) {
        stored = stored.withBootstrap(map);
        changed(Kind.BOOTSTRAP);
    }

    /** Changes the target, if it is still the one that was looked at. */
    void changeTarget(ObjectMeta lookedAt, UnaryOperator<DeploymentBuilder> change) {
        require(lookedAt.getResourceVersion(), stored.target().getMetadata().getResourceVersion());
        var changed =
                versioned(change.apply(new DeploymentBuilder(stored.target())).build());
        stored = stored.withTarget(changed);
        changed(Kind.TARGET);
    }

    void pods(List<Pod> pods) {
        stored = stored.withPods(pods);
        changed(Kind.PODS);
    }

    void jobs(List<Job> jobs) {
        stored = stored.withJobs(jobs);
        changed(Kind.JOBS);
    }

    private void changed(Kind kind) {
        List.copyOf(watches).forEach(watch -> watch.accept(kind));
    }

    /** No version given: no precondition. */
    private static void require(String given, String present) {
        if (given != null && !given.isEmpty() && !Objects.equals(given, present)) {
            throw conflict();
        }
    }

    private RateLimitRollout versioned(RateLimitRollout rollout) {
        rollout.getMetadata().setResourceVersion(next());
        return rollout;
    }

    private Deployment versioned(Deployment target) {
        target.getMetadata().setResourceVersion(next());
        return target;
    }

    private String next() {
        return String.valueOf(version++);
    }

    static KubernetesClientException conflict() {
        return new KubernetesClientException("the object has been modified", 409, null);
    }

    private static KubernetesClientException notFound() {
        return new KubernetesClientException("not found", 404, null);
    }

    /** One that may be changed. */
    static RateLimitRollout copy(RateLimitRollout rollout) {
        var copy = new RateLimitRollout();
        copy.setMetadata(new ObjectMetaBuilder(rollout.getMetadata()).build());
        copy.setSpec(rollout.getSpec());
        copy.setStatus(rollout.getStatus());
        return copy;
    }
}
