package sluice.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A demo application in the cluster: its Deployment, its pods, and what they are told to do wrong. */
public final class App {
    /** The name of the Deployment, the Service and the rollout. */
    public static final String NAME = "scholarship-api";
    /** The sidecar's container. */
    public static final String SIDECAR = "sluice-limiter";

    /** The sidecar's data port. */
    public static final int SIDECAR_PORT = 15080;

    private static final String FAULTS_PORT = "8081";

    private final KubernetesClient client;
    private final String namespace;

    public App(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    public String namespace() {
        return namespace;
    }

    /** Its pods that are not on their way out. */
    public List<Pod> pods() {
        return client.pods().inNamespace(namespace).withLabel("app", NAME).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** Whether there are as many pods as are wanted, each of them as it should be: one that was deleted is not always replaced at once. */
    public boolean isWhole(Predicate<Pod> asItShouldBe) {
        var pods = pods();
        return pods.size() >= replicas() && pods.stream().allMatch(asItShouldBe);
    }

    private int replicas() {
        return deployment().get().getSpec().getReplicas();
    }

    private RollableScalableResource<Deployment> deployment() {
        return client.apps().deployments().inNamespace(namespace).withName(NAME);
    }

    /** Scales and waits until the new replicas are available. */
    public void scale(int replicas) {
        deployment().scale(replicas);
        awaitAvailable(replicas);
    }

    public void awaitAvailable(int replicas) {
        deployment()
                .waitUntilCondition(
                        deployment -> deployment != null
                                && deployment.getStatus() != null
                                && deployment.getStatus().getAvailableReplicas() != null
                                && deployment.getStatus().getAvailableReplicas() == replicas
                                && deployment.getStatus().getUpdatedReplicas() != null
                                && deployment.getStatus().getUpdatedReplicas() == replicas,
                        5,
                        TimeUnit.MINUTES);
    }

    /** Tells a pod to spoil answers. */
    public void spoil(Pod pod, Fault fault) {
        client.raw(faults(pod), "POST", fault.toJson());
    }

    /** Tells a pod to behave. */
    public void heal(Pod pod) {
        client.raw(faults(pod), "DELETE", "");
    }

    // Through the API server's proxy, so that it works from anywhere.
    private String faults(Pod pod) {
        return "/api/v1/namespaces/%s/pods/%s:%s/proxy/faults"
                .formatted(namespace, pod.getMetadata().getName(), FAULTS_PORT);
    }
}
