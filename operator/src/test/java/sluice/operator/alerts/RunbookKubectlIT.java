package sluice.operator.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.operator.api.v1alpha1.Maintenance;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.testing.RealApiServer;

/** The runbook's kubectl on the demo's rollout and what is around it, in a real API server. Logs need nodes, and are not read here. */
class RunbookKubectlIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final Path DEMO =
            Path.of("..", "e2e", "scenarios", "src", "main", "resources", "sluice", "e2e", "rollout", "rollout.yaml");

    @TempDir
    private static Path folder;

    /** What is there beside the rollout, as documents. */
    private static String around = "";

    @BeforeAll
    static void applyTheDemosRollout() throws IOException, InterruptedException {
        create("apps");
        try (var demo = Files.newInputStream(DEMO)) {
            API.client().load(demo).serverSideApply();
        }
        bringWhatIsAroundIt();
        rollBack();
        var config = API.config();
        Files.writeString(folder.resolve("kubeconfig"), """
                {apiVersion: v1, kind: Config, current-context: it, contexts: [{name: it, context: {cluster: it, user: it}}],
                 clusters: [{name: it, cluster: {server: "%s", certificate-authority: "%s"}}], users: [{name: it, user: {token: "%s"}}]}
                """.formatted(
                        config.getMasterUrl(), config.getCaCertFile(), config.getOauthToken()));
    }

    /** A pod with a sidecar, and what the operator keeps in its own namespace. */
    private static void bringWhatIsAroundIt() throws IOException, InterruptedException {
        new Program("openssl")
                .succeed(
                        folder,
                        "req -x509 -newkey rsa:2048 -nodes -days 1 -keyout tls.key -out tls.crt -subj /CN=sluice -addext subjectAltName=DNS:sluice"
                                .split(" "));
        var certificate = Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("tls.crt")));
        create("sluice-system");
        around = """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: scholarship-api, namespace: apps}
                        spec:
                          selector: {matchLabels: {app: scholarship-api}}
                          template: {metadata: {labels: {app: scholarship-api}}, spec: {containers: [{name: app, image: app}]}}
                        ---
                        {apiVersion: v1, kind: Secret, metadata: {name: sluice-certs, namespace: sluice-system}, data: {tls.crt: %s}}
                        ---
                        {apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: sluice-operator, namespace: sluice-system}}
                        ---
                        {apiVersion: v1, kind: ServiceAccount, metadata: {name: runbook, namespace: apps}}
                        ---
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: runbook, namespace: apps, labels: {sluice.dev/limiter: runbook}}
                        spec: {serviceAccountName: runbook, containers: [{name: app, image: app}]}
                        """.formatted(certificate);
        API.client().load(stream(around)).serverSideApply();
    }

    private static void create(String namespace) {
        API.client()
                .namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static void rollBack() {
        var stored = rollout().get();
        stored.setStatus(Serialization.unmarshal("""
                phase: RolledBack
                candidate: {revision: 3f9a0c12de, limiter: '{}'}
                lastRollback: {revision: 3f9a0c12de, reason: ErrorRatio}
                conditions: [{type: Ready, status: "False", reason: RolledBack, message: it went back, lastTransitionTime: "2026-01-01T00:00:00Z"}]
                """, RateLimitRolloutStatus.class));
        API.client().resource(stored).updateStatus();
    }

    /** Other tests run operators on this API server, and install what these objects are called like. */
    @AfterAll
    static void deleteIt() {
        rollout().delete();
        API.client().load(stream(around)).delete();
    }

    /** The plugin's have a test beside it. */
    static Stream<String> kubectl() {
        return Runbook.commands()
                .filter(command -> command.startsWith("kubectl ") && !command.startsWith("kubectl rlr "))
                .filter(command -> !command.matches("kubectl (-n \\S+ )?logs .*"));
    }

    private static String type(String command) throws IOException, InterruptedException {
        var kubectl = System.getProperty("SLUICE_BIN", System.getenv("SLUICE_BIN"));
        return new Program("env")
                .succeed(
                        folder,
                        "KUBECONFIG=" + folder.resolve("kubeconfig"),
                        "PATH=" + requireNonNull(kubectl) + File.pathSeparator + requireNonNull(System.getenv("PATH")),
                        "bash",
                        "-ec",
                        command);
    }

    private static Resource<RateLimitRollout> rollout() {
        return API.client()
                .resources(RateLimitRollout.class)
                .inNamespace("apps")
                .withName("scholarship-api");
    }

    private static Maintenance maintenance() {
        return requireNonNull(rollout().get().getSpec().maintenance());
    }

    @ParameterizedTest
    @MethodSource("kubectl")
    void doesSomething(String command) throws Exception {
        assertThat(type(command)).isNotBlank().doesNotContain("error");
    }

    @Test
    void switchesTheSplashPageOnAndOff() throws Exception {
        var commands =
                kubectl().filter(command -> command.contains("maintenance")).toList();
        assertThat(commands).hasSize(2);
        type(commands.getFirst());
        assertThat(maintenance()).hasToString("Maintenance[enabled=true, retryAfter=5m]");
        type(commands.getLast());
        assertThat(maintenance().enabled()).isFalse();
    }

    @Test
    void abortsWithoutThePlugin() throws Exception {
        type(kubectl().filter(command -> command.contains("abort@")).findFirst().orElseThrow());
        assertThat(rollout().get().getMetadata().getAnnotations().get("sluice.dev/command"))
                .matches("abort@.*/\\d+");
    }
}
