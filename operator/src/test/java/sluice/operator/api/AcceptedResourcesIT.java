package sluice.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /spec/stopLoss     | {interval: 5s}                             | /spec/stopLoss/rules/3/for                       | 2m
                    /spec/stopLoss     | {noData: {}}                               | /spec/stopLoss/noData/rollBackAfter              | 5m
                    /spec/strategy     | {steps: [{weight: 100}]}                   | /spec/strategy/steps/0/hold                      | 30m
                    /spec/strategy     | {steps: [{weight: 100}]}                   | /spec/strategy/observe                           | 10m
                    /spec/port         | null                                       | /spec/port                                       | http
                    /spec/limiter/waf  | {}                                         | /spec/limiter/waf/decisionHeader                 | X-WAF-Decision
                    /spec/limiter/waf  | {ruleHeader: X-Rule}                       | /spec/limiter/waf/ruleHeader                     | X-Rule
                    /spec/limiter/redis| {secretRef: {name: a}}                     | /spec/limiter/redis/timeout                      | 20ms
                    /spec/limiter/identity/user/jwt | {hmacSecretRef: {name: a}} | /spec/limiter/identity/user/jwt/claim | sub
                    /spec/limiter/identity | {trustedProxies: ['fd00::/8']}         | /spec/limiter/identity/ipv6Prefix                | 64
                    /spec/notifications | {slack: {channel: '#a'}, snapshots: {}}   | /spec/notifications/snapshots/every              | 1h
                    /spec/notifications | {slack: {channel: '#a'}, snapshots: {}}   | /spec/notifications/snapshots/during             | 6h
                    """)
    void fillsInWhatAGivenPartLeavesOut(String at, String given, String defaulted, String value) throws IOException {
        assertThat(created(at, given).at(defaulted).asText()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /spec/limiter/limits          | [{name: fair, tokens: 600, per: 1m, burst: 10}]
                    /spec/limiter/limits          | [{name: deny, tokens: 0, per: 1m}]
                    /spec/limiter/limits          | [{name: monthly, tokens: 3474, per: 720h}]
                    /spec/limiter/limits          | [{name: a, tokens: 1, per: 100ms}, {name: b, tokens: 100000000, per: 1s}]
                    /spec/limiter/limits          | [{name: open, unlimited: true}, {name: free, tokens: 5, per: 1s, costs: [{match: {methods: [GET]}, cost: 0}]}]
                    /spec/limiter/limits          | [{name: closed, tokens: 0, per: 1m, cost: 10, tiers: [{claim: {name: plan, value: gold}, tokens: 10}]}]
                    /spec/limiter/limits/0/costs  | [{match: {pathPrefix: /api/export, methods: [POST], headers: {X-Full: "1"}}, cost: 150}, {cost: 2}]
                    /spec/limiter/limits/0/tiers  | [{header: {name: X-Plan, value: staff}, unlimited: true}, {claim: {name: plan, value: banned}, tokens: 0}]
                    /spec/limiter/limits/0/match  | {methods: [GET, POST], headers: {X-Client: mobile}, path: /}
                    /spec/limiter/identity        | {user: {header: X-User-Id}, trustedProxies: [10.0.0.0/8, 'fd00::/8']}
                    /spec/limiter/identity/user/jwt | {hmacSecretRef: {name: auth-key}, audience: api, issuer: 'https://id.example'}
                    /spec/strategy/observe        | 1h30m
                    /spec/strategy/steps          | [{weight: 1, hold: 10s}, {weight: 2}, {weight: 100, hold: 720h}]
                    /spec/stopLoss/rules          | [{signal: LatencyP95, threshold: 1s500ms, for: 10s}]
                    /spec/stopLoss/deadManSwitch  | 20s
                    /spec/stopLoss/armedAfterPromotion | 0s
                    /spec/stopLoss/armedAfterPromotion | 720h
                    /spec/strategy/steps          | [{weight: 10, approval: Manual}, {weight: 100}]
                    /spec/gates                   | [{signal: LatencyP95, max: 120ms}, {signal: ThrottledRatio, max: '0'}]
                    /spec/stopLoss/rules          | [{signal: Query, name: checkout-errors, query: 'sum(rate(failed{x="y"}[1m]))', threshold: "5", for: 2m}, {signal: Query, name: b, query: up, threshold: "0.5", for: 1m}, {signal: ErrorRatio, threshold: "0.01", for: 5m}]
                    /spec/gates                   | [{signal: Query, name: queue, query: sum(queue_length), max: "0"}, {signal: Query, name: b, query: up, max: "1.5"}]
                    /spec/targetRef               | {kind: StatefulSet, name: scholarship-api}
                    /spec/minimumRequests         | 200
                    /spec/suspend                 | true
                    /spec/comparison              | {margin: '0.000000001', confidence: '0.999999999'}
                    /spec/notifications           | {slack: {channel: C024BE91L}}
                    /spec/notifications           | {slack: {channel: '#team-a.b_c'}, snapshots: {every: 10m, during: 10m}}
                    """)
    void acceptsWhatIsFair(String at, String given) throws IOException {
        assertThat(created(at, given).at(at).isMissingNode()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{signal: Query, name: a, max: '1'}", "{signal: Query, name: a, query: up, max: '1'}"})
    void aGateMayUseTheQueryOfARule(String gate) throws IOException {
        var resource = Examples.read("scholarship-api.yaml");
        Examples.put(
                resource,
                JsonPointer.compile("/spec/stopLoss/rules"),
                Examples.YAML.readTree("[{signal: Query, name: a, query: up, threshold: '5', for: 2m}]"));
        Examples.put(resource, JsonPointer.compile("/spec/gates"), Examples.YAML.readTree("[" + gate + "]"));
        assertThat(create(resource).at("/spec/gates/0/name").asText()).isEqualTo("a");
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

    private JsonNode created(String at, String given) throws IOException {
        var resource = Examples.read("scholarship-api.yaml");
        Examples.put(resource, JsonPointer.compile(at), Examples.YAML.readTree(given));
        return create(resource);
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
