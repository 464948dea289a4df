package sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.chart.Helm;
import sluice.operator.testing.RealApiServer;

/** Hooks against a real API server, with the rights and the policies of the chart; only the Job controller is played. */
class HooksIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String ACCOUNT = "system:serviceaccount:" + Helm.NAMESPACE + ":sluice-operator";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BEFORE = "hooks: [{name: smoke, when: BeforeRollout, image: curl}]";
    private static final String IN_STEPS = "hooks: [{name: smoke, when: AfterStep, onFailure: RollBack, image: curl}]";

    @TempDir
    private Path folder = Path.of("");

    private final KubernetesClient client = API.client();
    private final String namespace = API.newNamespace("hooks");
    private Optional<TestNamespace> world = Optional.empty();
    private Optional<TestOperator> operator = Optional.empty();

    @BeforeAll
    static void chartIsInstalled() {
        Helm.at(API.config()).upgradeOrInstall("hooks.enabled=true");
    }

    @AfterAll
    static void chartIsGone() {
        Helm.at(API.config()).uninstall();
    }

    @BeforeEach
    void start() {
        world = Optional.of(new TestNamespace(client, namespace, folder));
        try (var account = API.clientAs(ACCOUNT, "system:serviceaccounts", "system:authenticated")) {
            operator = Optional.of(TestOperator.withHooks(account.getConfiguration(), namespace));
        }
    }

    @AfterEach
    void stop() {
        world.ifPresent(TestNamespace::close);
        operator.ifPresent(TestOperator::close);
    }

    @Test
    void theRolloutBeginsWhenTheJobBeforeItHasSucceeded() {
        world().apply("tokens: 100", BEFORE);
        var job = awaitJob();
        assertThat(job.getMetadata().getName()).startsWith("scholarship-api-smoke-");
        assertThat(phase()).isEqualTo("Pending");
        ended(job, "SuccessCriteriaMet", "Complete");
        await().atMost(PATIENCE).until(() -> phase().equals("Injecting"));
        // Events are written after the status.
        await().untilAsserted(() -> assertThat(world().reasons()).contains("HookStarted", "HookSucceeded"));
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void aFailedJobInAStepTakesTheRolloutBack() {
        world().apply("tokens: 100", IN_STEPS);
        await().atMost(PATIENCE).until(() -> world().templateLabels().containsKey("sluice.dev/limiter"));
        world().runPods(operator());
        ended(awaitJob(), "FailureTarget", "Failed");
        await().atMost(PATIENCE).until(() -> phase().equals("RolledBack"));
        var rollback = Optional.ofNullable(status().lastRollback()).orElseThrow();
        assertThat(rollback.reason()).isEqualTo("HookFailed");
        assertThat(rollback.message()).contains("hook smoke failed", "kubectl logs -n " + namespace);
    }

    @Test
    void whatTheApiServerSaysToARefusedJobIsACondition() {
        allowNoJobs();
        world().apply("tokens: 100", BEFORE);
        await().atMost(PATIENCE).until(() -> reason("Stalled").equals("HookJobRefused"));
        assertThat(jobs()).isEmpty();
        client.resourceQuotas().inNamespace(namespace).withName("no-jobs").delete();
        awaitJob();
        await().atMost(PATIENCE).until(() -> reason("Stalled").equals("NotStalled"));
    }

    @Test
    void thePodOfAHookPassesPodSecurityRestricted() {
        client.namespaces()
                .withName(namespace)
                .edit(found -> new NamespaceBuilder(found)
                        .editMetadata()
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build());
        world().apply(
                        "tokens: 100",
                        "hooks: [{name: smoke, when: BeforeRollout, image: curl, scripts: suite, env: [{name: T, secretKeyRef: {name: s, key: k}}]}]");
        var pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("as-the-job-makes-it")
                .endMetadata()
                .withSpec(awaitJob().getSpec().getTemplate().getSpec())
                .build();
        assertThat(client.resource(pod).dryRun().create().getSpec().getAutomountServiceAccountToken())
                .isFalse();
    }

    /** With what the quota controller writes into its status, which is what admission goes by. */
    private void allowNoJobs() {
        var none = Map.of("count/jobs.batch", new Quantity("0"));
        var quota = new ResourceQuotaBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("no-jobs")
                .endMetadata()
                .withNewSpec()
                .withHard(none)
                .endSpec()
                .withNewStatus()
                .withHard(none)
                .withUsed(none)
                .endStatus()
                .build();
        client.resource(quota).create();
        client.resource(quota).updateStatus();
    }

    private Job awaitJob() {
        await().atMost(PATIENCE).until(() -> !jobs().isEmpty());
        return jobs().getFirst();
    }

    private List<Job> jobs() {
        return client.batch().v1().jobs().inNamespace(namespace).list().getItems();
    }

    /** As the Job controller writes it down. */
    private void ended(Job job, String decided, String ended) {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        var status = new JobBuilder(job)
                .withNewStatus()
                .withStartTime(job.getMetadata().getCreationTimestamp())
                .addNewCondition()
                .withType(decided)
                .withStatus("True")
                .withReason("Played")
                .endCondition()
                .addNewCondition()
                .withType(ended)
                .withStatus("True")
                .withReason("Played")
                .withMessage("by the test")
                .endCondition()
                .endStatus();
        var changed = ended.equals("Complete")
                ? status.editStatus()
                        .withCompletionTime(now)
                        .withSucceeded(1)
                        .endStatus()
                        .build()
                : status.build();
        client.resource(changed).updateStatus();
    }

    private String reason(String type) {
        return world().rollout().get() == null || world().rollout().get().getStatus() == null
                ? ""
                : Optional.ofNullable(status().conditions()).orElse(List.of()).stream()
                        .filter(each -> each.getType().equals(type))
                        .map(Condition::getReason)
                        .findFirst()
                        .orElse("");
    }

    private String phase() {
        return Optional.ofNullable(world().rollout().get().getStatus())
                .map(status -> String.valueOf(status.phase()))
                .orElse("");
    }

    private RateLimitRolloutStatus status() {
        return world().rollout().get().getStatus();
    }

    private TestNamespace world() {
        return world.orElseThrow();
    }

    private TestOperator operator() {
        return operator.orElseThrow();
    }
}
