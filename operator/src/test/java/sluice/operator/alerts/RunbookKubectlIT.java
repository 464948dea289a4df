package sluice.operator.alerts;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import sluice.operator.testing.RealApiServer;

/** The runbook's kubectl on the demo's rollout, in a real API server. Commands about pods and logs need nodes, and are not tried here. */
class RunbookKubectlIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final Path DEMO =
            Path.of("..", "e2e", "scenarios", "src", "main", "resources", "sluice", "e2e", "rollout", "rollout.yaml");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void applyTheDemosRollout() throws IOException {
        var apps = new NamespaceBuilder()
                .withNewMetadata()
                .withName("apps")
                .endMetadata()
                .build();
        API.client().namespaces().resource(apps).serverSideApply();
        try (var demo = Files.newInputStream(DEMO)) {
            API.client().load(demo).serverSideApply();
        }
        var config = API.config();
        Files.writeString(folder.resolve("kubeconfig"), """
                {apiVersion: v1, kind: Config, current-context: it, contexts: [{name: it, context: {cluster: it, user: it}}],
                 clusters: [{name: it, cluster: {server: "%s", certificate-authority: "%s"}}], users: [{name: it, user: {token: "%s"}}]}
                """.formatted(
                        config.getMasterUrl(), config.getCaCertFile(), config.getOauthToken()));
    }

    /** Other tests run operators on this API server. */
    @AfterAll
    static void deleteIt() {
        rollout().delete();
    }

    static Stream<String> onTheRollout() {
        return Runbook.commands().filter(command -> command.matches("kubectl (-n apps )?\\w+ .*\\brlr\\b.*"));
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
    @MethodSource("onTheRollout")
    void isUnderstood(String command) throws Exception {
        assertThat(type(command)).doesNotContain("error");
    }

    @Test
    void switchesTheSplashPageOnAndOff() throws Exception {
        var commands = onTheRollout()
                .filter(command -> command.contains("maintenance"))
                .toList();
        assertThat(commands).hasSize(2);
        type(commands.getFirst());
        assertThat(maintenance()).hasToString("Maintenance[enabled=true, retryAfter=5m]");
        type(commands.getLast());
        assertThat(maintenance().enabled()).isFalse();
    }

    @Test
    void abortsWithoutThePlugin() throws Exception {
        type(onTheRollout()
                .filter(command -> command.contains("abort@"))
                .findFirst()
                .orElseThrow());
        assertThat(rollout().get().getMetadata().getAnnotations().get("sluice.dev/command"))
                .matches("abort@.*/\\d+");
    }
}
