package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.TargetRef;
import sluice.operator.control.RolloutKey;
import sluice.operator.reconcile.Cluster;
import sluice.operator.reconcile.Target;
import sluice.operator.reconcile.TargetLabel;

/** The informers of one operator: each kind lags behind by its own time, and never goes back. */
final class View implements Cluster {

    private static final List<Service> SERVICES = List.of(new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("apps")
            .withName("api")
            .endMetadata()
            .withNewSpec()
            .addToSelector("app", "api")
            .addNewPort()
            .withPort(80)
            .withTargetPort(new IntOrString("http"))
            .endPort()
            .endSpec()
            .build());

    private final World world;
    private final OperatorProcess owner;
    private final Map<ApiServer.Kind, Long> latest = new EnumMap<>(ApiServer.Kind.class);
    private final Map<ApiServer.Kind, Long> seen = new EnumMap<>(ApiServer.Kind.class);
    private Optional<RateLimitRollout> rollout;
    private Deployment target;
    private List<Pod> pods;
    private Optional<ConfigMap> bootstrap;
    private List<Job> jobs;

    /** Lists everything. */
    View(World world, OperatorProcess owner) {
        this.world = world;
        this.owner = owner;
        var now = world.api.now();
        rollout = now.rollout();
        target = now.target();
        pods = now.pods().stream().filter(View::isLabelled).toList();
        bootstrap = now.bootstrap();
        jobs = now.jobs();
    }

    /** Something has changed; it is seen later. */
    void changed(ApiServer.Kind kind) {
        var now = world.api.now();
        var at = Math.max(latest.getOrDefault(kind, 0L) + 1, world.time.now() + lag());
        latest.put(kind, at);
        world.time.after(
                at - world.time.now(),
                () -> owner.run(() -> {
                    // A process that slept finds all that came meanwhile at once.
                    if (at > seen.getOrDefault(kind, 0L)) {
                        seen.put(kind, at);
                        see(kind, now);
                        owner.nudge();
                    }
                }));
    }

    private long lag() {
        if (owner.cutOffFor() > 0) {
            return owner.cutOffFor() + 1_000;
        }
        if (world.faults.strike(Faults.Kind.STALE, 4)) {
            return world.faults.millis(100, 5_000);
        }
        return world.faults.strike(Faults.Kind.STALE, 20) ? world.faults.millis(5_000, 30_000) : 5;
    }

    /** Whether everything that has changed was seen. */
    boolean isUpToDate() {
        return latest.equals(seen);
    }

    private void see(ApiServer.Kind kind, Snapshot seen) {
        switch (kind) {
            case ROLLOUT -> {
                if (seen.rollout().map(View::version).orElse(Long.MAX_VALUE)
                        >= rollout.map(View::version).orElse(0L)) {
                    rollout = seen.rollout();
                }
            }
            case TARGET -> target = seen.target();
            case PODS -> pods = seen.pods().stream().filter(View::isLabelled).toList();
            case BOOTSTRAP -> bootstrap = seen.bootstrap();
            case JOBS -> jobs = seen.jobs();
        }
    }

    /** The framework keeps what its own writes were answered with. */
    void own(RateLimitRollout stored) {
        if (version(stored) > rollout.map(View::version).orElse(0L)) {
            rollout = Optional.of(stored);
        }
    }

    private static long version(RateLimitRollout rollout) {
        return Long.parseLong(rollout.getMetadata().getResourceVersion());
    }

    private static boolean isLabelled(Pod pod) {
        return TargetLabel.rollout(pod).isPresent();
    }

    Optional<RateLimitRollout> rollout() {
        return rollout;
    }

    @Override
    public Optional<Target> target(String namespace, TargetRef ref) {
        return Optional.of(Target.of(target));
    }

    @Override
    public List<Pod> pods(RolloutKey key) {
        return pods;
    }

    @Override
    public List<Service> services(String namespace) {
        return SERVICES;
    }

    @Override
    public List<NetworkPolicy> networkPolicies(String namespace) {
        return List.of();
    }

    @Override
    public List<RateLimitRollout> rollouts(String namespace) {
        return rollout.stream().toList();
    }

    @Override
    public boolean runsHooks() {
        return true;
    }

    @Override
    public List<Job> hookJobs(RolloutKey key) {
        return jobs;
    }

    @Override
    public Optional<ConfigMap> bootstrap(RolloutKey key) {
        return bootstrap;
    }
}
