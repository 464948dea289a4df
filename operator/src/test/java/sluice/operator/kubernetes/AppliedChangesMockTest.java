package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
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
}
