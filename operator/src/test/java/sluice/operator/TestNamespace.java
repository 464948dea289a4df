package sluice.operator;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.TestSidecar;
import sluice.operator.reconcile.Target;

/** A namespace with a Deployment, or a StatefulSet, and a Service, whose pods the test itself runs. */
final class TestNamespace implements AutoCloseable {

    private static final String APP = "scholarship-api";
    private static final String DEPLOYMENT = "Deployment";
    private static final String ROLLOUT = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: scholarship-api}
            spec:
              targetRef: {kind: KIND, name: scholarship-api}
              limiter: {backend: Memory, limits: [{name: all, TOKENS, per: 1m}]}
              strategy: {observe: 1s, steps: [{weight: 10, hold: 2s}, {weight: 100, hold: 1s}]}
              stopLoss:
                interval: 1s
                rules: [{signal: ErrorRatio, threshold: "0.01", for: 1s}]
            """;

    private final KubernetesClient client;
    private final String name;
    private final Path folder;
    private final String kind;
    private final Map<String, TestSidecar> sidecars = new LinkedHashMap<>();

    TestNamespace(KubernetesClient client, String name, Path folder) {
        this(client, name, folder, DEPLOYMENT);
    }

    /** A namespace whose target is a {@code kind}, Deployment or StatefulSet. */
    TestNamespace(KubernetesClient client, String name, Path folder, String kind) {
        this.client = client;
        this.name = name;
        this.folder = folder;
        this.kind = kind;
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(name)
                        .withName(APP)
                        .endMetadata()
                        .build())
                .create();
        client.resource(kind.equals(DEPLOYMENT) ? newDeployment() : newStatefulSet())
                .create();
        serviceByName();
    }

    String name() {
        return name;
    }

    void apply(String tokens) {
        apply(tokens, text -> text);
    }

    /** With a further field of the spec. */
    void apply(String tokens, String field) {
        apply(tokens, text -> text + "  " + field + "\n");
    }

    void apply(String tokens, UnaryOperator<String> edit) {
        var text = edit.apply(ROLLOUT.replace("TOKENS", tokens).replace("KIND", kind));
        var rollout = Serialization.unmarshal(text, RateLimitRollout.class);
        rollout.getMetadata().setNamespace(name);
        client.resource(rollout).forceConflicts().fieldManager("test").serverSideApply();
    }

    Resource<RateLimitRollout> rollout() {
        return client.resources(RateLimitRollout.class).inNamespace(name).withName(APP);
    }

    HasMetadata workload() {
        var apps = client.apps();
        return kind.equals(DEPLOYMENT)
                ? apps.deployments().inNamespace(name).withName(APP).get()
                : apps.statefulSets().inNamespace(name).withName(APP).get();
    }

    Map<String, String> templateLabels() {
        var target = workload() instanceof Deployment deployment
                ? Target.of(deployment)
                : Target.of((StatefulSet) workload());
        return target.template().getMetadata().getLabels();
    }

    void removeDeployment() {
        client.apps().deployments().inNamespace(name).withName(APP).delete();
    }

    List<String> reasons() {
        return client.v1().events().inNamespace(name).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getKind().equals("RateLimitRollout"))
                .map(Event::getReason)
                .toList();
    }

    List<TestSidecar> sidecars() {
        return List.copyOf(sidecars.values());
    }

    TestSidecar sidecar(String pod) {
        return requireNonNull(sidecars.get(pod), pod);
    }

    /** Two pods as the template wants them, running, with their sidecars connected. */
    void runPods(TestOperator operator) {
        for (var pod : List.of("a", "b")) {
            var stored = client.resource(newPod(pod)).create();
            stored.getStatus().setPhase("Running");
            client.resource(stored).updateStatus();
            connect(pod, operator.port());
        }
    }

    void runPodWithoutLabel(String podName) {
        var pod = newPod(podName);
        pod.getMetadata().setLabels(Map.of());
        client.resource(pod).create();
    }

    void reconnect(TestOperator operator) {
        for (var pod : new ArrayList<>(sidecars.keySet())) {
            reconnect(pod, operator.port());
        }
    }

    void reconnect(String pod, int port) {
        sidecar(pod).close();
        connect(pod, port);
    }

    private void connect(String podName, int port) {
        sidecars.put(
                podName,
                new TestSidecar(folder.resolve(podName), TestOperator.CERTIFICATE, port, token("sluice.dev", podName)));
    }

    /** As the kubelet projects it: bound to the pod. */
    String token(String audience, String podName) {
        var pod = client.pods().inNamespace(name).withName(podName).get();
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience)
                .withExpirationSeconds(600L)
                .withNewBoundObjectRef(
                        "v1",
                        "Pod",
                        pod.getMetadata().getName(),
                        pod.getMetadata().getUid())
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(name)
                .withName(APP)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    void removePods() {
        sidecars.values().forEach(TestSidecar::close);
        sidecars.clear();
        client.pods().inNamespace(name).withGracePeriod(0).delete();
    }

    private Pod newPod(String podName) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(name)
                .withName(podName)
                .withLabels(templateLabels())
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(APP)
                .addNewInitContainer()
                .withName("sluice-limiter")
                .withImage("sluice/limiter-sidecar:0.1.0")
                .withRestartPolicy("Always")
                .endInitContainer()
                .addNewContainer()
                .withName("app")
                .withImage("app")
                .endContainer()
                .endSpec()
                .build();
    }

    private Deployment newDeployment() {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(name)
                .withName(APP)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .addToMatchLabels("app", APP)
                .endSelector()
                .withTemplate(template())
                .endSpec()
                .build();
    }

    private StatefulSet newStatefulSet() {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withNamespace(name)
                .withName(APP)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withServiceName(APP)
                .withNewSelector()
                .addToMatchLabels("app", APP)
                .endSelector()
                .withTemplate(template())
                .endSpec()
                .build();
    }

    private static PodTemplateSpec template() {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app", APP)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage("app")
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
    }

    void serviceByName() {
        service(new IntOrString("http"));
    }

    void serviceByNumber() {
        service(new IntOrString(8080));
    }

    private void service(IntOrString target) {
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(name)
                        .withName(APP)
                        .endMetadata()
                        .withNewSpec()
                        .addToSelector("app", APP)
                        .addNewPort()
                        .withPort(80)
                        .withTargetPort(target)
                        .endPort()
                        .endSpec()
                        .build())
                .forceConflicts()
                .fieldManager("test")
                .serverSideApply();
    }

    @Override
    public void close() {
        sidecars.values().forEach(TestSidecar::close);
    }
}
