package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetUpdateStrategy;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.api.v1alpha1.TargetRef;
import sluice.operator.control.RolloutKey;

/** A namespace with one Deployment, or one StatefulSet instead, held in memory. */
final class FakeWorld implements Cluster, ClusterChanges {

    static final String NAMESPACE = "apps";
    static final String NAME = "scholarship-api";
    static final RolloutKey KEY = new RolloutKey(NAMESPACE, NAME);

    @Nullable
    Deployment deployment = deployment();

    @Nullable
    StatefulSet statefulSet;

    final List<Pod> pods = new ArrayList<>();
    final List<Service> services = new ArrayList<>(List.of(service("http")));
    final List<NetworkPolicy> policies = new ArrayList<>();
    final List<RateLimitRollout> rollouts = new ArrayList<>();
    final Map<String, Job> jobs = new LinkedHashMap<>();
    /** Every Job that was ever made. */
    final List<Job> started = new ArrayList<>();
    /** The name of every Job that was to be made, also when it was refused. */
    final List<String> attempts = new ArrayList<>();

    final Map<String, Event> events = new LinkedHashMap<>();

    @Nullable
    ConfigMap bootstrap;

    String sidecarImage = "sluice/limiter-sidecar:0.1.0";
    int puts;

    @Nullable
    ConfigMap evidence;

    int evidenceWrites;
    boolean runsHooks = true;

    @Nullable
    RuntimeException refusal;

    @Nullable
    RuntimeException jobRefusal;

    private static Deployment deployment() {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(NAME)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", NAME)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .withNewStatus()
                .withReplicas(2)
                .endStatus()
                .build();
    }

    static Service service(Object targetPort) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(NAME)
                .endMetadata()
                .withNewSpec()
                .addToSelector("app", NAME)
                .addNewPort()
                .withPort(80)
                .withTargetPort(new io.fabric8.kubernetes.api.model.IntOrString(targetPort))
                .endPort()
                .endSpec()
                .build();
    }

    static RateLimitRollout rollout(String spec) {
        var rollout = new RateLimitRollout();
        rollout.getMetadata().setNamespace(NAMESPACE);
        rollout.getMetadata().setName(NAME);
        rollout.getMetadata().setUid("6f0c");
        rollout.getMetadata().setGeneration(1L);
        rollout.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
        rollout.setSpec(spec(spec));
        return rollout;
    }

    static RateLimitRolloutSpec spec(String yaml) {
        try {
            return new YAMLMapper().readValue(yaml, RateLimitRolloutSpec.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A running pod with the label that the Deployment's template has now; its UID is its name. */
    Pod pod(String name, boolean withSidecar) {
        var builder = new PodBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withUid(name)
                .addToLabels(InjectionLabel.key(), label().orElse(""))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .endStatus();
        if (withSidecar) {
            builder.editSpec()
                    .addNewInitContainer()
                    .withName("sluice-limiter")
                    .withImage(sidecarImage)
                    .endInitContainer()
                    .endSpec();
        }
        var pod = builder.build();
        pods.add(pod);
        return pod;
    }

    Optional<String> label() {
        return workload().flatMap(TargetLabel::of);
    }

    /** The Deployment's place is taken by a StatefulSet of the same name and pods. */
    StatefulSet becomesStatefulSet() {
        var spec = target().getSpec();
        var made = new StatefulSetBuilder()
                .withMetadata(target().getMetadata())
                .withNewSpec()
                .withReplicas(spec.getReplicas())
                .withTemplate(spec.getTemplate())
                .withUpdateStrategy(new StatefulSetUpdateStrategy(null, "RollingUpdate"))
                .endSpec()
                .build();
        deployment = null;
        statefulSet = made;
        return made;
    }

    Optional<Target> workload() {
        return Optional.ofNullable(deployment)
                .map(Target::of)
                .or(() -> Optional.ofNullable(statefulSet).map(Target::of));
    }

    Deployment target() {
        return Optional.ofNullable(deployment).orElseThrow();
    }

    List<String> reasons() {
        return events.values().stream().map(Event::getReason).toList();
    }

    @Override
    public Optional<Target> target(String namespace, TargetRef target) {
        return workload()
                .filter(found -> found.kind() == target.kind()
                        && found.metadata().getName().equals(target.name()));
    }

    @Override
    public List<Pod> pods(RolloutKey rollout) {
        return List.copyOf(pods);
    }

    @Override
    public List<Service> services(String namespace) {
        return services;
    }

    @Override
    public List<NetworkPolicy> networkPolicies(String namespace) {
        return policies;
    }

    @Override
    public List<RateLimitRollout> rollouts(String namespace) {
        return rollouts;
    }

    @Override
    public Optional<ConfigMap> bootstrap(RolloutKey rollout) {
        return Optional.ofNullable(bootstrap);
    }

    @Override
    public boolean runsHooks() {
        return runsHooks;
    }

    @Override
    public List<Job> hookJobs(RolloutKey rollout) {
        return List.copyOf(jobs.values());
    }

    @Override
    public void start(Job job) {
        attempts.add(job.getMetadata().getName());
        if (jobRefusal != null) {
            throw jobRefusal;
        }
        started.add(job);
        jobs.putIfAbsent(job.getMetadata().getName(), job);
    }

    @Override
    public void stop(Job job) {
        jobs.remove(job.getMetadata().getName());
    }

    @Override
    public void put(ConfigMap map) {
        refuse();
        puts++;
        bootstrap = map;
    }

    @Override
    public void label(Target target, String value) {
        refuse();
        replace(new PodTemplateSpecBuilder(target.template())
                .editMetadata()
                .addToLabels(InjectionLabel.key(), value)
                .endMetadata()
                .build());
    }

    @Override
    public void unlabel(Target target) {
        replace(new PodTemplateSpecBuilder(target.template())
                .editMetadata()
                .removeFromLabels(InjectionLabel.key())
                .endMetadata()
                .build());
    }

    private void replace(PodTemplateSpec template) {
        if (statefulSet != null) {
            statefulSet = new StatefulSetBuilder(statefulSet)
                    .editSpec()
                    .withTemplate(template)
                    .endSpec()
                    .build();
        } else {
            deployment = new DeploymentBuilder(target())
                    .editSpec()
                    .withTemplate(template)
                    .endSpec()
                    .build();
        }
    }

    @Override
    public void tell(Event event) {
        events.putIfAbsent(event.getMetadata().getName(), event);
    }

    @Override
    public void keep(RateLimitRollout committed) {
        EvidenceConfigMap.after(committed, Optional.ofNullable(evidence)).ifPresent(map -> {
            evidence = map;
            evidenceWrites++;
        });
    }

    /** The Job controller writes down how the one Job ended. */
    void end(String condition) {
        var job = started.getLast();
        job.setStatus(new JobStatusBuilder()
                .addNewCondition()
                .withType(condition)
                .withStatus("True")
                .withReason("BackoffLimitExceeded")
                .withMessage("Job has reached the specified backoff limit")
                .endCondition()
                .build());
    }

    private void refuse() {
        if (refusal != null) {
            throw refusal;
        }
    }
}
