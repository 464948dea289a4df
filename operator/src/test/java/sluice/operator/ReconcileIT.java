package sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.chart.Helm;
import sluice.operator.control.StreamClient;
import sluice.operator.testing.RealApiServer;

/** The controller and the stream against a real API server, with real tokens and the sidecar's own client; only the kubelet is played. */
class ReconcileIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String ACCOUNT = "system:serviceaccount:" + Helm.NAMESPACE + ":sluice-operator";

    @TempDir
    private Path folder = Path.of("");

    private KubernetesClient client = API.client();
    private Optional<TestNamespace> namespace = Optional.empty();
    private Optional<TestOperator> operator = Optional.empty();

    @BeforeAll
    static void chartIsInstalled() {
        Helm.at(API.config()).upgradeOrInstall();
    }

    @AfterAll
    static void chartIsGone() {
        Helm.at(API.config()).uninstall();
    }

    /** As the chart's service account: what the operator must do, it may do, and its admission policies allow. */
    private TestOperator newOperator(String watched) {
        try (var account = API.clientAs(ACCOUNT, "system:serviceaccounts", "system:authenticated")) {
            return new TestOperator(account.getConfiguration(), watched);
        }
    }

    @BeforeEach
    void start() {
        start("Deployment");
    }

    private void start(String kind) {
        var made = API.newNamespace("reconcile");
        client = API.client();
        namespace = Optional.of(new TestNamespace(client, made, folder, kind));
        operator = Optional.of(newOperator(made));
    }

    @AfterEach
    void stop() {
        namespace.ifPresent(TestNamespace::close);
        operator.ifPresent(TestOperator::close);
    }

    @Test
    void rollsOutWithRealSidecarsAndComesBackWhenTheNextCandidateBreaks() {
        world().apply("tokens: 100");
        awaitInjection();

        await().atMost(Duration.ofSeconds(60)).until(() -> phase().equals("Promoted"));
        // The stream says it after the status does.
        await().untilAsserted(() -> assertThat(world().sidecars()).allSatisfy(sidecar -> {
            assertThat(sidecar.config().candidate()).isEmpty();
            assertThat(sidecar.config()
                            .stable()
                            .limits()
                            .getFirst()
                            .size()
                            .orElseThrow()
                            .tokens())
                    .isEqualTo(100);
        }));
        await().untilAsserted(() -> assertThat(world().reasons())
                .containsExactlyInAnyOrder(
                        "InjectionStarted",
                        "SidecarsReady",
                        "ObservationStarted",
                        "BaselineFrozen",
                        "CanaryStarted",
                        "StepAdvanced",
                        "BakeStarted",
                        "Promoted"));

        // Held for longer than anybody needs to look.
        world().apply("tokens: 10", rollout -> rollout.replace("weight: 10, hold: 2s", "weight: 10, hold: 5m"));
        await().atMost(Duration.ofSeconds(60)).until(() -> phase().equals("Progressing"));
        operator().signals.candidateErrors = 0.5;

        await().atMost(Duration.ofSeconds(60)).until(() -> phase().equals("RolledBack"));
        var rollback = Optional.ofNullable(status().lastRollback()).orElseThrow();
        assertThat(rollback.proof()).isEqualTo("Acknowledged");
        assertThat(Duration.between(
                        Instant.parse(String.valueOf(rollback.committedAt())),
                        Instant.parse(String.valueOf(rollback.lastAckAt()))))
                .isPositive();
        assertThat(world().sidecars())
                .allSatisfy(sidecar -> assertThat(sidecar.config().weight()).isZero());
        await().untilAsserted(
                        () -> assertThat(world().reasons()).contains("StopLossBroken", "RollingBack", "RolledBack"));
    }

    @Test
    void ownsTheLabelAndNothingElseOfTheDeployment() {
        world().apply("tokens: 100");
        awaitInjection();

        var ours = world().workload().getMetadata().getManagedFields().stream()
                .filter(entry -> "sluice-injection".equals(entry.getManager()))
                .toList();
        assertThat(ours).hasSize(1);
        assertThat(fields(ours.getFirst()))
                .isEqualTo("{f:spec={f:template={f:metadata={f:labels={f:sluice.dev/limiter={}}}}}}");
    }

    @Test
    void rollsOutOnAStatefulSetAndLeavesItAsItWas() {
        stop();
        start("StatefulSet");
        world().apply("tokens: 100");
        awaitInjection();

        await().atMost(Duration.ofSeconds(60)).until(() -> phase().equals("Promoted"));
        assertThat(world().workload().getMetadata().getManagedFields())
                .filteredOn(entry -> "sluice-injection".equals(entry.getManager()))
                .singleElement()
                .satisfies(entry -> assertThat(fields(entry))
                        .isEqualTo("{f:spec={f:template={f:metadata={f:labels={f:sluice.dev/limiter={}}}}}}"));

        // A StatefulSet's pods come back under the names that they had.
        world().removePods();
        world().runPods(operator());
        var epoch = Optional.ofNullable(status().epoch()).orElseThrow();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(world().sidecars())
                        .allSatisfy(
                                sidecar -> assertThat(sidecar.config().epoch()).isEqualTo(epoch)));

        world().rollout().delete();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !world().templateLabels().containsKey(InjectionLabel.key()));
        world().removePods();
        await().atMost(Duration.ofSeconds(60)).until(() -> world().rollout().get() == null);
    }

    @Test
    void takesTheLabelOffAndGoesWhenTheRolloutIsDeleted() {
        world().apply("tokens: 100");
        awaitInjection();

        world().rollout().delete();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> !world().templateLabels().containsKey(InjectionLabel.key()));
        assertThat(world().rollout().get()).isNotNull();
        world().removePods();
        await().atMost(Duration.ofSeconds(60)).until(() -> world().rollout().get() == null);
    }

    @Test
    void doesNotKeepARolloutWhoseTargetIsGone() {
        world().apply("tokens: 100");
        awaitInjection();

        world().removeDeployment();
        world().rollout().delete();

        await().atMost(Duration.ofSeconds(60)).until(() -> world().rollout().get() == null);
    }

    @Test
    void putsADeletedBootstrapBack() {
        world().apply("tokens: 100");
        awaitInjection();
        var bootstrap = client.configMaps().inNamespace(world().name()).withName("scholarship-api-limiter");
        await().until(() -> bootstrap.get() != null);
        var uid = bootstrap.get().getMetadata().getUid();

        bootstrap.delete();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> bootstrap.get() != null
                        && !bootstrap.get().getMetadata().getUid().equals(uid));
    }

    @Test
    void losesAgainstWhoeverWroteStatusFirst() {
        world().apply("tokens: 100");
        awaitInjection();
        operator().close();
        var stale = world().rollout().get();
        var fresh = world().rollout().get();
        client.resource(fresh).updateStatus();
        fresh.getMetadata().setLabels(java.util.Map.of("changed", "yes"));
        client.resource(fresh).update();

        assertThatThrownBy(() -> client.resource(stale).updateStatus())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
    }

    @Test
    void saysWhyItWaitsForAServiceThatGoesPastTheSidecar() {
        world().serviceByNumber();
        world().apply("tokens: 100");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(world().reasons()).contains("NumericTargetPort"));
        assertThat(world().templateLabels()).doesNotContainKey(InjectionLabel.key());

        world().serviceByName();
        awaitInjection();
    }

    @Test
    void aSecondOperatorGoesOnWhereTheFirstEnded() {
        world().apply("tokens: 100", rollout -> rollout.replace("weight: 10, hold: 2s", "weight: 10, hold: 10s"));
        awaitInjection();
        await().atMost(Duration.ofSeconds(60)).until(() -> phase().equals("Progressing"));

        operator().close();
        operator = Optional.of(newOperator(world().name()));
        world().reconnect(operator());

        await().atMost(Duration.ofSeconds(60)).until(() -> phase().equals("Promoted"));
        assertThat(world().reasons()).doesNotHaveDuplicates();
    }

    @Test
    void refusesTokensThatAreNotAPodsOfTheRollout() {
        world().apply("tokens: 100");
        awaitInjection();

        assertThat(status("sluice.dev", "a")).isEqualTo(200);
        assertThat(status("https://kubernetes.default.svc", "a")).isEqualTo(401);
        world().runPodWithoutLabel("stranger");
        assertThat(status("sluice.dev", "stranger")).isEqualTo(403);
    }

    private int status(String audience, String pod) {
        try (var stream = new StreamClient(TestOperator.CERTIFICATE, operator().port(), world().token(audience, pod))) {
            return stream.open();
        }
    }

    private void awaitInjection() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> world().templateLabels().containsKey(InjectionLabel.key()));
        world().runPods(operator());
    }

    private static String fields(ManagedFieldsEntry entry) {
        return String.valueOf(entry.getFieldsV1().getAdditionalProperties());
    }

    private TestNamespace world() {
        return namespace.orElseThrow();
    }

    private TestOperator operator() {
        return operator.orElseThrow();
    }

    private RateLimitRolloutStatus status() {
        return Optional.ofNullable(world().rollout().get())
                .map(RateLimitRollout::getStatus)
                .orElseThrow();
    }

    private String phase() {
        return Optional.ofNullable(world().rollout().get())
                .map(RateLimitRollout::getStatus)
                .map(RateLimitRolloutStatus::phase)
                .orElse("");
    }
}
