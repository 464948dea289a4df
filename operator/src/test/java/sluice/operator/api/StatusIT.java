package sluice.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sluice.operator.testing.RealApiServer;

class StatusIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String STATUS = """
            phase: Progressing
            weight: 10
            stepText: 1/2
            nextIn: 4m10s
            worstSignal: ErrorRatio 0.004 of 0.01
            conditions: [{type: Ready, status: "False", reason: Progressing, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}]
            """;

    private String namespace = "";
    private ObjectNode created = Examples.YAML.createObjectNode();

    @BeforeEach
    void createRollout() throws IOException {
        namespace = API.newNamespace("status");
        created = json(API.client()
                .resource(Examples.generic(Examples.read("minimal.yaml")))
                .inNamespace(namespace)
                .create());
    }

    @Test
    void theStatusIsWrittenThroughItsOwnSubresourceOnly() throws IOException {
        created.set("status", Examples.YAML.readTree("{weight: 100}"));

        assertThat(json(API.client().resource(Examples.generic(created)).update()))
                .doesNotContain(created.get("status"));
    }

    @Test
    void writingTheStatusChangesNeitherSpecNorGeneration() throws IOException {
        created.set("status", Examples.YAML.readTree(STATUS));
        ((ObjectNode) created.get("spec")).put("port", "web");

        var stored = json(API.client().resource(Examples.generic(created)).updateStatus());

        assertThat(stored.at("/spec/port").asText()).isEqualTo("http");
        assertThat(stored.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(stored.get("status")).isEqualTo(created.get("status"));
    }

    @Test
    void getShowsPhaseWeightStepTimeToNextAndWorstSignal() throws IOException {
        created.set("status", Examples.YAML.readTree(STATUS));
        API.client().resource(Examples.generic(created)).updateStatus();

        var table = table();

        assertThat(table.at("/columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "Phase", "Weight", "Step", "Next-In", "Worst-Signal", "Ready", "Age");
        assertThat(table.at("/rows/0/cells").valueStream().map(JsonNode::asText).limit(7))
                .containsExactly("my-app", "Progressing", "10", "1/2", "4m10s", "ErrorRatio 0.004 of 0.01", "False");
    }

    @Test
    void theShortNameAndTheCategoryFindIt() {
        var resources = API.client().getApiResources("sluice.dev/v1alpha1").getResources();

        assertThat(resources).anySatisfy(resource -> {
            assertThat(resource.getName()).isEqualTo("ratelimitrollouts");
            assertThat(resource.getShortNames()).containsExactly("rlr");
            assertThat(resource.getCategories()).containsExactly("all");
            assertThat(resource.getNamespaced()).isTrue();
        });
    }

    private JsonNode table() throws IOException {
        var http = API.client().getHttpClient();
        var url =
                API.config().getMasterUrl() + "apis/sluice.dev/v1alpha1/namespaces/" + namespace + "/ratelimitrollouts";
        var request = http.newHttpRequestBuilder()
                .uri(url)
                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .build();
        return Examples.YAML.readTree(
                http.sendAsync(request, String.class).join().body());
    }

    private static ObjectNode json(Object resource) throws IOException {
        return (ObjectNode) Examples.YAML.readTree(Serialization.asJson(resource));
    }
}
