package sluice.operator.certificates;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates as the Secret has them, brought up to date by whichever replica is first. */
final class CertificateSecret {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateSecret.class);

    private final KubernetesClient client;
    private final CertificateSettings settings;
    private final CertificateRotation rotation;
    private final InstantSource clock;

    CertificateSecret(KubernetesClient client, CertificateSettings settings, InstantSource clock) {
        this.client = client;
        this.settings = settings;
        this.rotation = new CertificateRotation(settings);
        this.clock = clock;
    }

    /** Reads the Secret, takes the next step of a rotation when one is due, and answers what the Secret now holds. */
    CertificateState refresh() throws IOException {
        var secret = read();
        var stored = stored(secret);
        var now = clock.instant();
        var due = stored.isEmpty() ? Optional.of(rotation.issue(now)) : rotation.next(stored.get(), now);
        if (due.isEmpty()) {
            return stored.orElseThrow();
        }
        return write(secret, due.get())
                ? due.get()
                : stored(read()).orElseThrow(() -> new IOException("changed twice"));
    }

    private Secret read() throws IOException {
        var secret = client.secrets()
                .inNamespace(settings.namespace())
                .withName(CertificateSettings.SECRET)
                .get();
        if (secret == null) {
            throw new IOException("the Secret " + settings.namespace() + "/" + CertificateSettings.SECRET
                    + " is missing; the chart creates it");
        }
        return secret;
    }

    /** Content that nobody can use is as good as none: better a new CA than no webhook until somebody looks. */
    private static Optional<CertificateState> stored(Secret secret) {
        try {
            return CertificateState.read(secret.getData());
        } catch (IOException e) {
            LOG.warn("the Secret {} is not usable, issuing anew: {}", CertificateSettings.SECRET, e.getMessage());
            return Optional.empty();
        }
    }

    /** False when another replica was faster. */
    private boolean write(Secret read, CertificateState state) {
        try {
            client.resource(new SecretBuilder(read).withData(state.write()).build())
                    .lockResourceVersion(read.getMetadata().getResourceVersion())
                    .update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }
}
