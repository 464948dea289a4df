package sluice.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.TimeUnit;

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

    /** Scales and waits until the new replicas are available. */
    public void scale(int replicas) {
        client.apps().deployments().inNamespace(namespace).withName(NAME).scale(replicas);
        awaitAvailable(replicas);
    }

    public void awaitAvailable(int replicas) {
        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(NAME)
                .waitUntilCondition(
                        deployment -> deployment != null
                                && deployment.getStatus() != null
                                && deployment.getStatus().getAvailableReplicas() != null
                                && deployment.getStatus().getAvailableReplicas() == replicas
                                && deployment.getStatus().getUpdatedReplicas() != null
                                && deployment.getStatus().getUpdatedReplicas() == replicas,
                        3,
                        TimeUnit.MINUTES);
    }

    /** Tells every pod to spoil answers. */
    public void spoil(Fault fault) {
        pods().forEach(pod -> client.raw(faults(pod), "POST", fault.toJson()));
    }

    /** Tells every pod to behave. */
    public void heal() {
        pods().forEach(pod -> client.raw(faults(pod), "DELETE", ""));
    }

    // Through the API server's proxy, so that it works from anywhere.
    private String faults(Pod pod) {
        return "/api/v1/namespaces/%s/pods/%s:%s/proxy/faults"
                .formatted(namespace, pod.getMetadata().getName(), FAULTS_PORT);
    }
}
