package sluice.operator.certificates;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Keeps the caBundle of one mutating webhook configuration as the keeper publishes it, by name. */
final class WebhookTrust {

    private final KubernetesClient client;
    private final String name;

    WebhookTrust(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Writes the bundle where it differs; a configuration that is not there is left to the chart. Throws what the client throws. */
    void publish(String caBundlePem) {
        var bundle = Base64.getEncoder().encodeToString(caBundlePem.getBytes(StandardCharsets.UTF_8));
        var resource = client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(name);
        var current = resource.get();
        if (current != null && !trusts(current, bundle)) {
            resource.patch(withBundle(current, bundle));
        }
    }

    private static boolean trusts(MutatingWebhookConfiguration configuration, String bundle) {
        return configuration.getWebhooks().stream()
                .allMatch(webhook -> bundle.equals(webhook.getClientConfig().getCaBundle()));
    }

    private static MutatingWebhookConfiguration withBundle(MutatingWebhookConfiguration configuration, String bundle) {
        var builder = new MutatingWebhookConfigurationBuilder(configuration);
        for (var i = 0; i < configuration.getWebhooks().size(); i++) {
            builder.editWebhook(i)
                    .editClientConfig()
                    .withCaBundle(bundle)
                    .endClientConfig()
                    .endWebhook();
        }
        return builder.build();
    }
}
