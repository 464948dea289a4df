package sluice.operator.admission;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Serves {@code POST /mutate} over TLS. Whatever goes wrong, pods are admitted as they are, with a warning. */
public final class WebhookServer implements AutoCloseable {

    /**
     * Starts serving.
     *
     * @param rollouts finds a rollout by namespace and name, from a cache: it is asked on the path of pod creation
     * @param port where to listen, 0 for any free port
     */
    public WebhookServer(
            InjectionSettings settings,
            BiFunction<String, String, Optional<RateLimitRollout>> rollouts,
            SSLContext ssl,
            int port)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The port that is listened on. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
