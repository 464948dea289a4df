package sluice.operator.certificates;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Keeps the caBundle of one mutating webhook configuration as the keeper publishes it, by name. */
public final class WebhookTrust {

    /** The configuration's name in the chart. */
    public static final String CONFIGURATION = "sluice-webhook";

    public WebhookTrust(KubernetesClient client, String configurationName) {
        throw new UnsupportedOperationException();
    }

    /** Writes the bundle where it differs. Throws what the client throws. */
    public void publish(String caBundlePem) {
        throw new UnsupportedOperationException();
    }
}
