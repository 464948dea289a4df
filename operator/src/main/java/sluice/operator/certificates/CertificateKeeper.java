package sluice.operator.certificates;

import io.fabric8.kubernetes.client.KubernetesClient;
import javax.net.ssl.SSLContext;

/**
 * Keeps the operator's certificates in the Secret {@code sluice-certs}, which the chart creates empty. Every replica runs one: whoever
 * comes first issues or rotates, with a resourceVersion precondition; the others pick it up within a poll.
 */
public final class CertificateKeeper implements AutoCloseable {

    public CertificateKeeper(KubernetesClient client, CertificateSettings settings) {
        throw new UnsupportedOperationException();
    }

    /** Reads or issues the certificates once, then goes on every poll. Does not fail when the API server is away: see {@link #ready()}. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /** True once there is a certificate to serve with. */
    public boolean ready() {
        throw new UnsupportedOperationException();
    }

    /** A server-side context that always serves the newest certificate; the same object for ever. */
    public SSLContext sslContext() {
        throw new UnsupportedOperationException();
    }

    /** PEM of the CA certificates that callers must trust: old and new while rotating; empty before the first certificate. */
    public String caBundlePem() {
        throw new UnsupportedOperationException();
    }

    /** Runs after every change of the certificates or the bundle, on the keeper's thread, and once at once when there are some already. */
    public void onChange(Runnable listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
