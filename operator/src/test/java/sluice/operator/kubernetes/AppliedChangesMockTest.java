package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.reconcile.BootstrapConfigMap;

@NullUnmarked
@EnableKubernetesMockClient(crud = true)
class AppliedChangesMockTest {

    KubernetesClient client;

    private static ConfigMap bootstrap(String document) {
        return configMap(Map.of(BootstrapConfigMap.LABEL, "true"), document);
    }

    private static ConfigMap configMap(Map<String, String> labels, String document) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("apps")
                .withName("api-limiter")
                .withLabels(labels)
                .endMetadata()
                .withData(Map.of("limiter.json", document))
                .build();
    }

    private String document() {
        return client.configMaps()
                .inNamespace("apps")
                .withName("api-limiter")
                .get()
                .getData()
                .get("limiter.json");
    }

    @Test
    void putsItsOwnConfigMapBack() {
        var changes = new AppliedChanges(client);
        changes.put(bootstrap("one"));
        changes.put(bootstrap("two"));
        assertThat(document()).isEqualTo("two");
    }

    @Test
    void leavesAConfigMapAloneThatIsSomebodyElses() {
        client.resource(configMap(Map.of("app", "theirs"), "theirs")).create();
        assertThatThrownBy(() -> new AppliedChanges(client).put(bootstrap("ours")))
                .hasMessageContaining("api-limiter")
                .hasMessageContaining("rename");
        assertThat(document()).isEqualTo("theirs");
    }

    @Test
    void writesNoEarlierEpochOverALaterOneThatIsCommitted() {
        client.resource(bootstrap(epoch(8))).create();
        commit(8);
        assertThatThrownBy(() -> new AppliedChanges(client).put(bootstrap(epoch(7))))
                .hasMessageContaining("later epoch than 7");
        assertThat(document()).isEqualTo(epoch(8));
    }

    @Test
    void putsBackAnEpochThatSomebodyMadeUp() {
        client.resource(bootstrap(epoch(999))).create();
        commit(7);
        new AppliedChanges(client).put(bootstrap(epoch(7)));
        assertThat(document()).isEqualTo(epoch(7));
    }

    private static String epoch(long epoch) {
        return "{\"epoch\":" + epoch + "}";
    }

    private void commit(long epoch) {
        var rollout = new GenericKubernetesResource();
        rollout.setApiVersion("sluice.dev/v1alpha1");
        rollout.setKind("RateLimitRollout");
        rollout.setMetadata(
                new ObjectMetaBuilder().withNamespace("apps").withName("api").build());
        rollout.setAdditionalProperty("status", Map.of("epoch", epoch));
        client.genericKubernetesResources(ResourceDefinitionContext.fromResourceType(RateLimitRollout.class))
                .resource(rollout)
                .create();
    }
}
