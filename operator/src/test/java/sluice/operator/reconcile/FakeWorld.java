package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
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
import sluice.operator.control.RolloutKey;

/** A namespace with one Deployment, held in memory. */
final class FakeWorld implements Cluster, ClusterChanges {

    static final String NAMESPACE = "apps";
    static final String NAME = "scholarship-api";
    static final RolloutKey KEY = new RolloutKey(NAMESPACE, NAME);

    @Nullable
    Deployment deployment = deployment();

    final List<Pod> pods = new ArrayList<>();
    final List<Service> services = new ArrayList<>(List.of(service("http")));
    final List<NetworkPolicy> policies = new ArrayList<>();
    final List<RateLimitRollout> rollouts = new ArrayList<>();
    final Map<String, Event> events = new LinkedHashMap<>();

    @Nullable
    ConfigMap bootstrap;

    String sidecarImage = "sluice/limiter-sidecar:0.1.0";
    int puts;

    @Nullable
    RuntimeException refusal;

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
        return Optional.ofNullable(deployment).flatMap(TargetLabel::of);
    }

    Deployment target() {
        return Optional.ofNullable(deployment).orElseThrow();
    }

    List<String> reasons() {
        return events.values().stream().map(Event::getReason).toList();
    }

    @Override
    public Optional<Deployment> deployment(String namespace, String name) {
        return Optional.ofNullable(deployment)
                .filter(found -> found.getMetadata().getName().equals(name));
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
    public void put(ConfigMap map) {
        refuse();
        puts++;
        bootstrap = map;
    }

    @Override
    public void label(Deployment target, String value) {
        refuse();
        deployment = new DeploymentBuilder(target)
                .editSpec()
                .editTemplate()
                .editMetadata()
                .addToLabels(InjectionLabel.key(), value)
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Override
    public void unlabel(Deployment target) {
        deployment = new DeploymentBuilder(target)
                .editSpec()
                .editTemplate()
                .editMetadata()
                .removeFromLabels(InjectionLabel.key())
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Override
    public void tell(Event event) {
        events.putIfAbsent(event.getMetadata().getName(), event);
    }

    private void refuse() {
        if (refusal != null) {
            throw refusal;
        }
    }
}
