package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.control.Acks;
import sluice.operator.control.FakeLeadership;
import sluice.operator.control.Streams;
import sluice.operator.kubernetes.AppliedChanges;
import sluice.operator.kubernetes.Clients;
import sluice.operator.kubernetes.InformedCluster;
import sluice.operator.kubernetes.RolloutController;
import sluice.operator.metrics.OperatorMetrics;

/** The controller on a server that stores whatever it is given: resources, too, that a schema would have refused. */
@EnableKubernetesMockClient(crud = true)
class ReconcileMockTest {

    private static final String ROLLOUT = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: scholarship-api, namespace: apps, uid: 6f0c, generation: 1}
            spec:
              targetRef: {kind: Deployment, name: scholarship-api}
              limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
              stopLoss: {interval: 1s}
            """;

    @SuppressWarnings("NullAway.Init") // set by the extension
    private KubernetesClient client;

    private final Acks acks = new Acks();
    private final FakeWorld world = new FakeWorld();
    private final OperatorMetrics metrics = new OperatorMetrics();
    private Optional<RolloutController> controller = Optional.empty();
    private Optional<KubernetesClient> own = Optional.empty();

    @BeforeEach
    void start() {
        client.resource(world.target()).create();
        client.resource(FakeWorld.service("http")).create();
        var made = Clients.create(client.getConfiguration());
        own = Optional.of(made);
        var parts = new RolloutReconciler.Parts(
                new MergedLabel(made),
                new Streams(acks),
                acks,
                new FakeSignals(),
                InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://sluice-control:9443"),
                () -> "PEM",
                List::of,
                new FakeLeadership(),
                new FakeNotifier(),
                ReportLink.NONE,
                metrics,
                InstantSource.system());
        var started = new RolloutController(
                made, new RolloutReconciler(parts, context -> new InformedCluster(context, true)), List.of());
        controller = Optional.of(started);
        started.start();
    }

    @AfterEach
    void stop() {
        controller.ifPresent(RolloutController::close);
        own.ifPresent(KubernetesClient::close);
    }

    /** The mock server does not know server-side apply. */
    private static final class MergedLabel implements ClusterChanges {

        private final KubernetesClient client;
        private final AppliedChanges others;

        MergedLabel(KubernetesClient client) {
            this.client = client;
            this.others = new AppliedChanges(client);
        }

        @Override
        public void put(io.fabric8.kubernetes.api.model.ConfigMap bootstrap) {
            others.put(bootstrap);
        }

        @Override
        public void label(Target target, String value) {
            deployment(target).edit(found -> {
                found.getSpec().getTemplate().getMetadata().getLabels().put(InjectionLabel.key(), value);
                return found;
            });
        }

        @Override
        public void start(Job job) {
            others.start(job);
        }

        @Override
        public void stop(Job job) {
            others.stop(job);
        }

        @Override
        public void unlabel(Target target) {
            deployment(target).edit(found -> {
                found.getSpec().getTemplate().getMetadata().getLabels().remove(InjectionLabel.key());
                return found;
            });
        }

        private Resource<Deployment> deployment(Target target) {
            var meta = target.metadata();
            return client.apps().deployments().inNamespace(meta.getNamespace()).withName(meta.getName());
        }

        @Override
        public void tell(Event event) {
            others.tell(event);
        }

        @Override
        public void keep(RateLimitRollout committed) {
            others.keep(committed);
        }
    }

    @Test
    void beginsToInjectAndTellsSo() {
        create(ROLLOUT);

        await().untilAsserted(() -> {
            assertThat(status().phase()).isEqualTo("Injecting");
            assertThat(label()).isPresent();
            assertThat(client.configMaps()
                            .inNamespace("apps")
                            .withName("scholarship-api-limiter")
                            .get())
                    .isNotNull();
            assertThat(client.v1().events().inNamespace("apps").list().getItems())
                    .extracting(Event::getReason)
                    .containsExactly("InjectionStarted");
        });
        assertThat(rollout().getFinalizers()).containsExactly(RolloutReconciler.FINALIZER);
    }

    @Test
    void oneResourceThatCannotBeReadIsItsOwnProblemAlone() {
        create(ROLLOUT.replace("name: scholarship-api,", "name: unreadable,").replace("tokens: 100", "tokens: many"));
        create(ROLLOUT);

        await().untilAsserted(() -> assertThat(status().phase()).isEqualTo("Injecting"));
        await().untilAsserted(() ->
                assertThat(condition("unreadable", "Stalled").getReason()).isEqualTo("InvalidSpec"));
    }

    @Test
    void aStatusThatSomebodyWroteOverIsReplaced() {
        create(ROLLOUT);
        await().until(() -> "Injecting".equals(status().phase()));
        var epoch = Optional.ofNullable(status().epoch()).orElseThrow();

        // The mock server lets the loop's write, which may be on its way, replace this one: then it is said again.
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(() -> isReplaced(epoch));
        await().until(() -> "Injecting".equals(status().phase()));
    }

    private boolean isReplaced(long epoch) {
        if (Optional.ofNullable(status().epoch()).orElse(0L) > epoch) {
            return true;
        }
        raw().withName("scholarship-api").editStatus(found -> {
            found.setAdditionalProperty("status", Map.of("phase", "Nonsense"));
            return found;
        });
        return false;
    }

    @Test
    void takesTheLabelOffAndLetsADeletedRolloutGo() {
        create(ROLLOUT);
        await().until(() -> label().isPresent());

        client.resources(RateLimitRollout.class)
                .inNamespace("apps")
                .withName("scholarship-api")
                .delete();

        await().untilAsserted(() -> {
            assertThat(label()).isEmpty();
            assertThat(found()).isEmpty();
        });
    }

    @Test
    void countsItsTurns() {
        create(ROLLOUT);

        // A turn is counted after its commit can be seen.
        await().untilAsserted(() -> assertThat(metrics.scrape())
                .contains("sluice_operator_reconciles_total{result=\"ok\"}")
                .doesNotContain("sluice_operator_reconciles_total{result=\"ok\"} 0.0"));
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            raw() {
        return client.genericKubernetesResources(ResourceDefinitionContext.fromResourceType(RateLimitRollout.class))
                .inNamespace("apps");
    }

    private void create(String yaml) {
        raw().resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .create();
    }

    private Optional<RateLimitRollout> found() {
        return Optional.ofNullable(own.orElseThrow()
                .resources(RateLimitRollout.class)
                .inNamespace("apps")
                .withName("scholarship-api")
                .get());
    }

    private RateLimitRollout rollout() {
        return found().orElseThrow();
    }

    private RateLimitRolloutStatus status() {
        return Optional.ofNullable(rollout().getStatus())
                .orElseGet(() -> StatusEdit.of(null).done());
    }

    private Condition condition(String name, String type) {
        var status = own.orElseThrow()
                .resources(RateLimitRollout.class)
                .inNamespace("apps")
                .withName(name)
                .get()
                .getStatus();
        return Optional.ofNullable(status).map(RateLimitRolloutStatus::conditions).orElse(List.of()).stream()
                .filter(each -> each.getType().equals(type))
                .findFirst()
                .orElseGet(Condition::new);
    }

    private Optional<String> label() {
        return TargetLabel.of(Target.of(client.apps()
                .deployments()
                .inNamespace("apps")
                .withName("scholarship-api")
                .get()));
    }
}
