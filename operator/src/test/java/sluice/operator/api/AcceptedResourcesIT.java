package sluice.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.testing.RealApiServer;

class AcceptedResourcesIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private String namespace = "";

    @BeforeEach
    void makeNamespace() {
        namespace = API.newNamespace("accepted");
    }

    @Test
    void fillsInEveryDefaultOfTheShortestResource() throws IOException {
        var spec = create(Examples.read("minimal.yaml")).get("spec");

        assertThat(spec).isEqualTo(Examples.YAML.readTree("""
                                targetRef: {kind: Deployment, name: my-app}
                                port: http
                                limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}], enforcement: Enforce}
                                initialLimiter: "Off"
                                strategy: {observe: 10m, steps: [{weight: 10, hold: 30m}, {weight: 100, hold: 30m}]}
                                stopLoss:
                                  prometheus: default
                                  interval: 10s
                                  rules:
                                  - {signal: ErrorRatio, threshold: "0.01", for: 5m}
                                  - {signal: LatencyP95, threshold: 300ms, for: 5m}
                                  - {signal: AuthFailures, timesBaseline: "3", minimum: "0.005", baselineWindow: 1h, for: 5m}
                                  - {signal: ThrottledRatio, threshold: "0.05", for: 2m}
                                  noData: {rollBackAfter: 5m}
                                  progressDeadline: 30m
                                  deadManSwitch: 2m
                                  armedAfterPromotion: 24h
                                """));
    }

    static Stream<FairResource> fairResources() throws IOException {
        return FairResource.all();
    }

    @ParameterizedTest
    @MethodSource("fairResources")
    void acceptsWhatIsFairAndFillsInWhatItLeavesOut(FairResource fair) throws IOException {
        var resource = Examples.read("scholarship-api.yaml");
        fair.change(resource);

        var created = create(resource);

        assertThat(created.at(fair.at()).isMissingNode()).isFalse();
        fair.fills().forEach((at, value) -> assertThat(created.at(at).asText()).isEqualTo(value));
    }

    /** The classes fill in what the schema does, for objects that no API server has seen. */
    @ParameterizedTest
    @ValueSource(strings = {"minimal.yaml", "scholarship-api.yaml", "tiers-and-costs.yaml", "hooks.yaml"})
    void theClassesAndTheSchemaHaveTheSameDefaults(String example) throws IOException {
        var resource = Examples.read(example);

        var inJava = Serialization.unmarshal(resource.toString(), RateLimitRollout.class);
        var stored = Serialization.unmarshal(create(resource).toString(), RateLimitRollout.class);

        assertThat(inJava.getSpec()).isEqualTo(stored.getSpec());
        assertThat(Serialization.asJson(inJava.getSpec())).isEqualTo(Serialization.asJson(stored.getSpec()));
    }

    @Test
    void theTargetIsImmutable() throws IOException {
        var resource = create(Examples.read("minimal.yaml"));
        ((ObjectNode) resource.at("/spec/targetRef")).put("name", "another");

        assertThatThrownBy(
                        () -> API.client().resource(Examples.generic(resource)).update())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("spec.targetRef: is immutable; delete this rollout and create another");
    }

    @Test
    void thePortIsImmutable() throws IOException {
        var resource = create(Examples.read("minimal.yaml"));
        ((ObjectNode) resource.at("/spec")).put("port", "grpc");

        assertThatThrownBy(
                        () -> API.client().resource(Examples.generic(resource)).update())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("spec.port: is immutable; delete this rollout and create another");
    }

    private ObjectNode create(JsonNode resource) throws IOException {
        var created = API.client()
                .resource(Examples.generic(resource))
                .inNamespace(namespace)
                .fieldValidation(Validation.STRICT)
                .create();
        return (ObjectNode) Examples.YAML.readTree(Serialization.asYaml(created));
    }
}
