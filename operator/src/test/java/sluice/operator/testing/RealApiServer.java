package sluice.operator.testing;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A real API server for tests, with the project's CustomResourceDefinition in place: one for all test classes of a run, gone with
 * the run. There is no controller, scheduler or node: pods are stored and never run, deleted namespaces stay. Use it as
 * {@code @RegisterExtension static final RealApiServer API = new RealApiServer();}. Needs the binaries that SLUICE_BIN names.
 */
public final class RealApiServer implements BeforeAllCallback {

    private static final File CRD = new File("../crds/ratelimitrollouts.sluice.dev.yaml");

    /** What {@link #client()} waits for an answer: a machine that is busy with other tests takes its time. */
    private static final int PATIENCE_MILLIS = 60_000;

    private @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(Namespace.create(RealApiServer.class))
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class);
    }

    /** A client that may do everything. It is closed with the server. */
    public KubernetesClient client() {
        return running().client;
    }

    /** How to reach the server, with the client's own timeouts. */
    public Config config() {
        return running().controlPlane.config();
    }

    /** A file in the folder, from which a command line learns how {@link #client()} reaches the server, and its own namespace. */
    public Path kubeconfig(Path folder, String namespace) {
        var text =
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: '%s', certificate-authority: '%s'}}]
                users: [{name: u, user: {token: '%s'}}]
                contexts: [{name: test, context: {cluster: c, user: u, namespace: %s}}]
                current-context: test
                """.formatted(config().getMasterUrl(), config().getCaCertFile(), config().getOauthToken(), namespace);
        try {
            return Files.writeString(folder.resolve("kubeconfig"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client of somebody else, as RBAC sees it; close it. */
    public KubernetesClient clientAs(String user, String... groups) {
        var config = new ConfigBuilder(config())
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Makes a namespace of its own for a test; its name begins with the prefix. */
    public String newNamespace(String prefix) {
        var name = prefix + "-" + running().namespaces.incrementAndGet();
        var namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build();
        client().namespaces().resource(namespace).create();
        return name;
    }

    private Running running() {
        return requireNonNull(running, "register this extension in a static field");
    }

    private static final class Running implements AutoCloseable {

        private final ControlPlane controlPlane;
        private final KubernetesClient client;
        private final AtomicInteger namespaces = new AtomicInteger();

        private Running(ControlPlane controlPlane, KubernetesClient client) {
            this.controlPlane = controlPlane;
            this.client = client;
        }

        static Running start() {
            var controlPlane = new ControlPlane();
            try {
                await("API server").atMost(Duration.ofMinutes(2)).until(controlPlane::runs);
                var patient = new ConfigBuilder(controlPlane.config())
                        .withRequestTimeout(PATIENCE_MILLIS)
                        // A kept connection may have been closed by the server, and a busy one may answer 429.
                        .withRequestRetryBackoffLimit(3)
                        .build();
                var client = new KubernetesClientBuilder().withConfig(patient).build();
                var running = new Running(controlPlane, client);
                await("API server ready").atMost(Duration.ofMinutes(2)).until(running::ready);
                running.installCrd();
                await("rollouts served").atMost(Duration.ofMinutes(2)).until(running::servesRollouts);
                return running;
            } catch (RuntimeException e) {
                controlPlane.close();
                throw e;
            }
        }

        private boolean ready() {
            try {
                return controlPlane.runs() && "ok".equals(client.raw("/readyz"));
            } catch (KubernetesClientException stillStarting) {
                return false;
            }
        }

        private void installCrd() {
            var crd = client.apiextensions().v1().customResourceDefinitions().load(CRD);
            crd.create();
            crd.waitUntilCondition(Running::established, 30, TimeUnit.SECONDS);
        }

        /** Whoever comes before the cache of a new kind is filled is answered 429. */
        private boolean servesRollouts() {
            try {
                return client.raw("/apis/sluice.dev/v1alpha1/ratelimitrollouts?resourceVersion=0") != null;
            } catch (KubernetesClientException notYet) {
                return false;
            }
        }

        private static boolean established(@Nullable CustomResourceDefinition crd) {
            return crd != null
                    && crd.getStatus() != null
                    // A status may come before its conditions.
                    && crd.getStatus().getConditions() != null
                    && crd.getStatus().getConditions().stream()
                            .anyMatch(condition ->
                                    "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
        }

        @Override
        public void close() {
            client.close();
            controlPlane.close();
        }
    }
}
