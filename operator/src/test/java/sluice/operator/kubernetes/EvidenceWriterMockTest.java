package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.reconcile.EvidenceConfigMap;
import sluice.operator.reconcile.KeptEvidence;

@NullUnmarked
@EnableKubernetesMockClient(crud = true)
class EvidenceWriterMockTest {

    KubernetesClient client;
    KubernetesMockServer server;

    private static RateLimitRollout rollout(String decision) {
        return Serialization.unmarshal("""
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: api, namespace: apps, uid: 6f0c}
                spec: {targetRef: {name: api}, limiter: {backend: Memory, limits: [{name: all, tokens: 10, per: 1s}]}}
                status:
                  phase: Progressing
                  decisions: [{at: '2026-01-01T00:00:10.000Z', name: %s, reason: Accepted}]
                """.formatted(decision), RateLimitRollout.class);
    }

    private List<String> kept() {
        ConfigMap map =
                client.configMaps().inNamespace("apps").withName("api-evidence").get();
        return Optional.ofNullable(map).flatMap(EvidenceConfigMap::read).map(KeptEvidence::decisions).stream()
                .flatMap(List::stream)
                .map(PastDecisionStatus::name)
                .toList();
    }

    @Test
    void writesWhatIsNewAndAsksNothingWhereNothingIs() throws InterruptedException {
        var writer = new EvidenceWriter(client);
        writer.keep(rollout("Inject"));
        await().until(() -> kept().equals(List.of("Inject")));
        writer.keep(rollout("Start"));
        await().until(() -> kept().equals(List.of("Inject", "Start")));

        // Until it has been seen to be written, the same may be asked for again.
        await().until(() -> {
            int before = server.getRequestCount();
            writer.keep(rollout("Start"));
            Thread.sleep(200);
            return server.getRequestCount() == before;
        });
    }

    private ConfigMap somebodyElses() {
        return client.configMaps()
                .inNamespace("apps")
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("apps")
                        .withName("api-evidence")
                        .endMetadata()
                        .build())
                .create();
    }

    @Test
    void whatCannotBeWrittenIsNotTriedAtEveryTurn() {
        somebodyElses();
        var writer = new EvidenceWriter(client, Duration.ofHours(1));
        var before = new AtomicInteger();

        // The first attempt may still be under way.
        await().during(Duration.ofMillis(500)).until(() -> {
            writer.keep(rollout("Inject"));
            int asked = server.getRequestCount();
            return asked > 0 && before.getAndSet(asked) == asked;
        });
    }

    @Test
    void whatCannotBeWrittenIsTriedAgain() {
        var theirs = somebodyElses();
        var writer = new EvidenceWriter(client, Duration.ofMillis(50));
        int before = server.getRequestCount();
        writer.keep(rollout("Inject"));
        await().until(() -> server.getRequestCount() > before);
        assertThat(kept()).isEmpty();

        client.resource(theirs).delete();
        await().until(() -> {
            writer.keep(rollout("Inject"));
            return kept().equals(List.of("Inject"));
        });
    }
}
