package sluice.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** The API server that {@code KUBECONFIG} names. */
public final class ApiServer {
    /** The client's own ten seconds are what a busy machine may need for an answer. */
    private static final int PATIENCE_MILLIS = 60_000;

    private ApiServer() {}

    public static KubernetesClient client() {
        var config = Config.autoConfigure(null);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setRequestTimeout(PATIENCE_MILLIS);
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}
