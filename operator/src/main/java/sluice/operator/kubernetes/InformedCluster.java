package sluice.operator.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.TargetKind;
import sluice.operator.api.v1alpha1.TargetRef;
import sluice.operator.control.RolloutKey;
import sluice.operator.reconcile.BootstrapConfigMap;
import sluice.operator.reconcile.HookJob;
import sluice.operator.reconcile.RolloutReconciler;
import sluice.operator.reconcile.Target;
import sluice.operator.reconcile.TargetLabel;

/** The cluster as the controller's informers see it; every change of something that a rollout depends on gives it a turn. */
public final class InformedCluster implements RolloutReconciler.WatchedCluster {

    private static final String BY_ROLLOUT = "rollout";
    private static final String BY_TARGET = "target";

    private final IndexerResourceCache<RateLimitRollout> rollouts;
    private final InformerEventSource<Deployment, RateLimitRollout> deployments;
    private final InformerEventSource<StatefulSet, RateLimitRollout> statefulSets;
    private final InformerEventSource<Pod, RateLimitRollout> pods;
    private final InformerEventSource<Service, RateLimitRollout> services;
    private final InformerEventSource<NetworkPolicy, RateLimitRollout> policies;
    private final InformerEventSource<ConfigMap, RateLimitRollout> bootstraps;
    /** Present when the operator may see Jobs. */
    private final Optional<InformerEventSource<Job, RateLimitRollout>> jobs;

    /**
     * Sees what it may.
     *
     * @param runsHooks whether the operator may run Jobs
     */
    public InformedCluster(EventSourceContext<RateLimitRollout> context, boolean runsHooks) {
        rollouts = context.getPrimaryCache();
        rollouts.addIndexer(BY_TARGET, InformedCluster::targets);
        deployments =
                source(context, Deployment.class, Optional.empty(), changed -> aimedAt(TargetKind.DEPLOYMENT, changed));
        statefulSets = source(
                context, StatefulSet.class, Optional.empty(), changed -> aimedAt(TargetKind.STATEFUL_SET, changed));
        pods = source(context, Pod.class, Optional.of(TargetLabel.KEY), InformedCluster::labelledFor);
        pods.addIndexers(Map.of(
                BY_ROLLOUT,
                pod -> TargetLabel.rollout(pod).map(RolloutKey::toString).stream()
                        .toList()));
        services = source(context, Service.class, Optional.empty(), this::inSameNamespace);
        policies = source(context, NetworkPolicy.class, Optional.empty(), this::inSameNamespace);
        bootstraps =
                source(context, ConfigMap.class, Optional.of(BootstrapConfigMap.LABEL), InformedCluster::bootstrapOf);
        jobs = runsHooks
                ? Optional.of(source(context, Job.class, Optional.of(HookJob.LABEL), InformedCluster::hookOf))
                : Optional.empty();
        jobs.ifPresent(source -> source.addIndexers(Map.of(
                BY_ROLLOUT,
                job -> HookJob.rollout(job).map(RolloutKey::toString).stream().toList())));
    }

    @Override
    public List<EventSource<?, RateLimitRollout>> eventSources() {
        return Stream.<EventSource<?, RateLimitRollout>>concat(
                        Stream.of(deployments, statefulSets, pods, services, policies, bootstraps), jobs.stream())
                .toList();
    }

    private static <R extends HasMetadata> InformerEventSource<R, RateLimitRollout> source(
            EventSourceContext<RateLimitRollout> context,
            Class<R> type,
            Optional<String> label,
            SecondaryToPrimaryMapper<R> rollouts) {
        var configuration = InformerEventSourceConfiguration.from(type, RateLimitRollout.class)
                .withSecondaryToPrimaryMapper(rollouts)
                .withNamespacesInheritedFromController();
        label.ifPresent(configuration::withLabelSelector);
        return new InformerEventSource<>(configuration.build(), context);
    }

    @Override
    public Optional<Target> target(String namespace, TargetRef target) {
        var id = new ResourceID(target.name(), namespace);
        return switch (target.kind()) {
            case DEPLOYMENT -> deployments.get(id).map(Target::of);
            case STATEFUL_SET -> statefulSets.get(id).map(Target::of);
        };
    }

    @Override
    public List<Pod> pods(RolloutKey rollout) {
        return pods.byIndex(BY_ROLLOUT, rollout.toString());
    }

    /** A pod with the injection label, by name. */
    public Optional<Pod> pod(String namespace, String name) {
        return pods.get(new ResourceID(name, namespace));
    }

    @Override
    public List<Service> services(String namespace) {
        return services.list(namespace, service -> true).toList();
    }

    @Override
    public List<NetworkPolicy> networkPolicies(String namespace) {
        return policies.list(namespace, policy -> true).toList();
    }

    @Override
    public List<RateLimitRollout> rollouts(String namespace) {
        return rollouts.list(namespace, rollout -> true).toList();
    }

    @Override
    public Optional<ConfigMap> bootstrap(RolloutKey rollout) {
        return bootstraps.get(new ResourceID(BootstrapConfigMap.name(rollout.name()), rollout.namespace()));
    }

    @Override
    public boolean runsHooks() {
        return jobs.isPresent();
    }

    @Override
    public List<Job> hookJobs(RolloutKey rollout) {
        return jobs.map(source -> source.byIndex(BY_ROLLOUT, rollout.toString()))
                .orElse(List.of());
    }

    private static List<String> targets(RateLimitRollout rollout) {
        return rollout.getSpec() == null
                ? List.of()
                : List.of(targetKey(
                        rollout.getMetadata().getNamespace(), rollout.getSpec().targetRef()));
    }

    private static String targetKey(String namespace, TargetRef target) {
        return namespace + "/" + target.kind().text() + "/" + target.name();
    }

    private Set<ResourceID> aimedAt(TargetKind kind, HasMetadata changed) {
        var meta = changed.getMetadata();
        return ids(rollouts.byIndex(BY_TARGET, targetKey(meta.getNamespace(), new TargetRef(kind, meta.getName()))));
    }

    private Set<ResourceID> inSameNamespace(HasMetadata changed) {
        return ids(rollouts(changed.getMetadata().getNamespace()));
    }

    private static Set<ResourceID> ids(List<RateLimitRollout> rollouts) {
        return rollouts.stream().map(ResourceID::fromResource).collect(Collectors.toSet());
    }

    private static Set<ResourceID> labelledFor(Pod pod) {
        return TargetLabel.rollout(pod).map(InformedCluster::id).map(Set::of).orElse(Set.of());
    }

    private static Set<ResourceID> bootstrapOf(ConfigMap map) {
        return BootstrapConfigMap.rollout(
                        map.getMetadata().getNamespace(), map.getMetadata().getName())
                .map(InformedCluster::id)
                .map(Set::of)
                .orElse(Set.of());
    }

    private static Set<ResourceID> hookOf(Job job) {
        return HookJob.rollout(job).map(InformedCluster::id).map(Set::of).orElse(Set.of());
    }

    private static ResourceID id(RolloutKey rollout) {
        return new ResourceID(rollout.name(), rollout.namespace());
    }
}
