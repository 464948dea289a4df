package sluice.operator.certificates;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the operator's certificates in the Secret {@code sluice-certs}, which the chart creates empty. Every replica runs one: whoever
 * comes first issues or rotates, with a resourceVersion precondition; the others pick it up within a poll. Needs get and update on that
 * Secret and get and patch on the webhook configuration, by name.
 */
public final class CertificateKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeper.class);
    private static final long FIRST_POLL_SECONDS = 10;

    private final CertificateSettings settings;
    private final CertificateSecret secret;
    private final WebhookTrust trust;
    private final ServingKeyManager keys = new ServingKeyManager();
    private final SSLContext ssl;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("certificates").factory());
    private volatile @Nullable CertificateState state;
    private volatile String lastProblem = "";

    public CertificateKeeper(KubernetesClient client, CertificateSettings settings) {
        this(client, settings, InstantSource.system());
    }

    CertificateKeeper(KubernetesClient client, CertificateSettings settings, InstantSource clock) {
        this.settings = settings;
        this.secret = new CertificateSecret(client, settings, clock);
        this.trust = new WebhookTrust(client, CertificateSettings.WEBHOOK_CONFIGURATION);
        this.ssl = sslContext(keys);
    }

    /** Reads or issues the certificates, then goes on every poll. Does not fail when the API server is away: see {@link #ready()}. */
    public void start() {
        var first = poller.submit(this::poll);
        var period = settings.poll().toMillis();
        var _ = poller.scheduleWithFixedDelay(this::poll, period, period, TimeUnit.MILLISECONDS);
        try {
            first.get(FIRST_POLL_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("no certificates yet, going on without: the API server does not answer");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** True once there is a certificate to serve with. */
    public boolean ready() {
        return state != null;
    }

    /** Whether the last poll failed: the certificates were not read or renewed, or the API server was not told whom to trust. */
    public boolean failing() {
        return !lastProblem.isEmpty();
    }

    /** A server-side context that always serves the newest certificate; the same object for ever. */
    public SSLContext sslContext() {
        return ssl;
    }

    /** PEM of the CA certificates that callers must trust: old and new while rotating; empty before the first certificate. */
    public String caBundlePem() {
        return Optional.ofNullable(state).map(CertificateState::bundle).orElse("");
    }

    /** Until when the certificates are valid, {@code serving} and {@code authority}; empty before the first. */
    public Map<String, Instant> expiries() {
        return Optional.ofNullable(state).map(CertificateState::expiries).orElse(Map.of());
    }

    /** Runs after every change of the certificates or the bundle, on the keeper's thread. Register before {@link #start()}. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }

    private void poll() {
        try {
            var current = secret.refresh();
            keys.serve(current.serving());
            if (!current.equals(state)) {
                state = current;
                LOG.info("serving {} under {}", current.serving(), current.authority());
                listeners.forEach(Runnable::run);
            }
            trust.publish(current.bundle());
            lastProblem = "";
        } catch (RuntimeException | IOException e) {
            report(e);
        }
    }

    /** Once per problem, not once per poll. */
    private void report(Exception problem) {
        var text = problem.getClass().getSimpleName() + ": " + problem.getMessage();
        if (!text.equals(lastProblem)) {
            lastProblem = text;
            LOG.warn("certificates not refreshed: {}", text);
        }
    }

    private static SSLContext sslContext(ServingKeyManager keys) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS in this JVM", e);
        }
    }
}
