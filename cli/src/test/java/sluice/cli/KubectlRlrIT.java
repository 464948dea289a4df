package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.TestOperator;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.testing.RealApiServer;

/** The verbs against a real API server and the operator itself. No pod ever runs, so a rollout waits for its sidecars. */
class KubectlRlrIT {
    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String ROLLOUT = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api}
            spec:
              targetRef: {kind: Deployment, name: api}
              limiter: {backend: Memory, limits: [{name: all, tokens: 10, per: 1m}]}
              stopLoss: {interval: 1s, rules: [{signal: ErrorRatio, threshold: "0.01", for: 10s}]}
            """;
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: api}
            spec:
              replicas: 1
              selector: {matchLabels: {app: api}}
              template:
                metadata: {labels: {app: api}}
                spec:
                  serviceAccountName: api
                  containers: [{name: app, image: app, ports: [{name: http, containerPort: 8080}]}]
            """;

    @TempDir
    private Path folder = Path.of("");

    private String namespace = "";
    private Path kubeconfig = Path.of("");
    private List<TestOperator> operators = new ArrayList<>();

    @BeforeEach
    void start() {
        namespace = API.newNamespace("cli");
        var deployment = new DeploymentBuilder(
                        Serialization.unmarshal(DEPLOYMENT, io.fabric8.kubernetes.api.model.apps.Deployment.class))
                .editMetadata()
                .withNamespace(namespace)
                .endMetadata()
                .build();
        API.client().resource(deployment).create();
        var rollout = Serialization.unmarshal(ROLLOUT, RateLimitRollout.class);
        rollout.getMetadata().setNamespace(namespace);
        API.client().resource(rollout).create();
        kubeconfig = API.kubeconfig(folder, namespace);
        operators.add(new TestOperator(API.config(), namespace));
    }

    @AfterEach
    void stop() {
        operators.forEach(TestOperator::close);
    }

    private Run run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--kubeconfig", kubeconfig.toString()));
        return Run.of(all.toArray(String[]::new));
    }

    private Run file(String text, String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "-f", Files.writeString(folder.resolve("rollout.yaml"), text).toString()));
        return run(all.toArray(String[]::new));
    }

    private void told(String verb, String outcome, String place) {
        assertThat(run(verb, "api")).satisfies(run -> {
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .startsWith(namespace + "/api: " + verb + ": " + outcome)
                    .endsWith(place);
        });
    }

    /** A verb takes the phase as it finds it, and who waits for the end hears of it when the way back begins. */
    private void awaitPhase(String phase) {
        await().until(() -> run("status", "api").out().contains(phase));
    }

    @Test
    void theOperatorObeysEveryVerbAndTellsItsStory() throws IOException {
        awaitPhase("Injecting");
        assertThat(run("status", "api", "--wait", "--timeout", "1ms").code()).isEqualTo(ExitCode.TIMED_OUT);
        told("pause", "Done", "Paused, weight 0");
        assertThat(run("status", "api", "--wait").code()).isEqualTo(ExitCode.WAITING);
        told("resume", "Done", "Injecting, weight 0");
        told("resume", "Ignored, it is not paused", "Injecting, weight 0");
        told("promote", "Ignored, there is no step to leave in phase Injecting", "Injecting, weight 0");
        told("skip-hold", "Ignored", "Injecting, weight 0");
        told("abort", "Done", "weight 0");
        assertThat(run("status", "api", "--wait").code()).isEqualTo(ExitCode.ROLLED_BACK);
        awaitPhase("RolledBack");

        var json = new JsonMapper().readTree(run("explain", "api", "-o", "json").out());
        assertThat(json.path("decisions").findValuesAsText("name"))
                .containsSubsequence("Inject", "Hold", "RollBack", "FinishRollBack");
        assertThat(json.path("decisions").findValuesAsText("by"))
                .satisfiesExactly(
                        by -> assertThat(by).startsWith("pause@"),
                        by -> assertThat(by).startsWith("abort@"));
        told("retry", "Done", "weight 0");
    }

    @Test
    void theApiServerChecksWhatAFileAloneCannot() throws IOException {
        assertThat(file(ROLLOUT, "check", "--server").out()).endsWith("api is fine, says the API server");

        var wrong = ROLLOUT.replace("metadata: {name: api}", "metadata: {name: other, labels: {team: '-'}}");
        assertThat(file(wrong, "check").code()).isZero();
        var refused = file(wrong, "check", "--server");
        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("rollout.yaml: other: ").contains("metadata.labels: Invalid value");
        assertThat(API.client()
                        .resources(RateLimitRollout.class)
                        .inNamespace(namespace)
                        .list()
                        .getItems())
                .hasSize(1);
    }
}
