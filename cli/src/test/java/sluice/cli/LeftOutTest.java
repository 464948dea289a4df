package sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.cli.admission.Admission;

/** Whatever a resource lacks, nobody gets an exception for an answer. */
class LeftOutTest {
    private static final String SPEC = """
            spec:
              targetRef: {name: api}
              limiter:
                backend: Redis
                redis: {secretRef: {name: redis}}
                limits:
                - name: all
                  tokens: 10
                  per: 1s
                  costs: [{cost: 2}]
                  tiers: [{claim: {name: plan, value: pro}, tokens: 20}, {header: {name: X-Plan, value: pro}, tokens: 20}]
                identity: {user: {jwt: {hmacSecretRef: {name: key}, jwksSecretRef: {name: keys}}}, trustedProxies: [10.0.0.0/8]}
                exempt: {paths: [/healthz]}
              strategy: {observe: 1m, steps: [{weight: 10, hold: 2m}, {weight: 100, hold: 5m}]}
              stopLoss: {rules: [{signal: ErrorRatio, threshold: "0.01", for: 1m}, {signal: Query, name: own, query: up, threshold: "5", for: 1m}]}
              gates: [{signal: LatencyP95, max: 250ms}, {signal: Query, name: own, max: "5"}]
              hooks:
              - {name: smoke, when: AfterStep, image: 'curl:8', env: [{name: TOKEN, secretKeyRef: {name: tokens, key: one}}]}
              maintenance: {enabled: false}
              notifications: {slack: {channel: '#oncall'}}
            """;
    private static final String CONDITIONS = """
              hooks: [{name: smoke, revision: 3f9a0c12de, outcome: Failed, startedAt: '2026-01-01T00:06:00.000Z', message: no}]
              conditions: [{type: Stalled, status: 'True', reason: InvalidSpec, message: no}]
              signals: [{name: ErrorRatio, scope: candidate, value: "0.05", threshold: "0.01", verdict: Breaching}]
              sidecars: {desired: 2, injected: 2, connected: 2, inSync: 2}
            """;

    @TempDir
    Path folder;

    private static ObjectNode full() throws IOException {
        ObjectNode full = (ObjectNode) new YAMLMapper().readTree(SavedRollout.ROLLED_BACK + CONDITIONS);
        full.set("spec", new YAMLMapper().readTree(SPEC).path("spec"));
        return full;
    }

    private static JsonNode schema() throws IOException {
        try (var file = requireNonNull(Admission.class.getResourceAsStream("schema.json"))) {
            return new JsonMapper().readTree(file);
        }
    }

    static Set<String> required() throws IOException {
        Set<String> found = new TreeSet<>();
        addRequired(schema(), full(), "", found);
        return found;
    }

    private static void addRequired(JsonNode schema, JsonNode value, String at, Set<String> found) {
        schema.path("required")
                .valueStream()
                .map(name -> at + "/" + name.asText())
                .forEach(found::add);
        value.properties()
                .forEach(field -> addRequired(
                        schema.path("properties").path(field.getKey()),
                        field.getValue(),
                        at + "/" + field.getKey(),
                        found));
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            addRequired(schema.path("items"), value.get(i), at + "/" + i, found);
        }
    }

    private static void addRequiredOfAny(JsonNode schema, String at, Set<String> found) {
        schema.path("required")
                .valueStream()
                .map(name -> at + "/" + name.asText())
                .forEach(found::add);
        schema.path("properties")
                .properties()
                .forEach(field -> addRequiredOfAny(field.getValue(), at + "/" + field.getKey(), found));
        if (schema.has("items")) {
            addRequiredOfAny(schema.path("items"), at + "/*", found);
        }
    }

    /** Fields and the elements of lists. */
    static Set<String> all() throws IOException {
        Set<String> found = new TreeSet<>();
        addAll(full(), "", found);
        return found;
    }

    private static void addAll(JsonNode value, String at, Set<String> found) {
        value.properties().forEach(field -> {
            String path = at + "/" + field.getKey().replace("/", "~1");
            found.add(path);
            addAll(field.getValue(), path, found);
        });
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            found.add(at + "/" + i);
            addAll(value.get(i), at + "/" + i, found);
        }
    }

    private static ObjectNode without(String path) throws IOException {
        ObjectNode resource = full();
        JsonPointer at = JsonPointer.compile(path);
        switch (resource.at(at.head())) {
            case ObjectNode parent -> parent.remove(at.last().getMatchingProperty());
            case ArrayNode parent -> parent.remove(at.last().getMatchingIndex());
            case JsonNode other -> throw new IllegalArgumentException(path + " is in " + other);
        }
        return resource;
    }

    private static ObjectNode withNull(String path) throws IOException {
        ObjectNode resource = full();
        JsonPointer at = JsonPointer.compile(path);
        switch (resource.at(at.head())) {
            case ObjectNode parent -> parent.putNull(at.last().getMatchingProperty());
            case ArrayNode parent -> parent.setNull(at.last().getMatchingIndex());
            case JsonNode other -> throw new IllegalArgumentException(path + " is in " + other);
        }
        return resource;
    }

    private String saved(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private Run explain(JsonNode resource) throws IOException {
        return Run.of("explain", "-f", saved("rollout.yaml", resource.toString()));
    }

    private Run report(JsonNode resource) throws IOException {
        return Run.of(
                "report",
                "-f",
                saved("rollout.yaml", resource.toString()),
                "--prometheus",
                "http://127.0.0.1:1",
                "--out",
                folder.resolve("out").toString());
    }

    private static void isOurs(Run run) {
        assertThat(run.code()).as(run.toString()).isIn(ExitCode.DONE, ExitCode.USAGE);
        assertThat(run.err()).doesNotContain("Exception", "problem: null", "sluice.operator");
        assertThat(run.out()).doesNotContain("Exception", "problem: null", "sluice.operator");
    }

    @Test
    void theExampleHasEveryRequiredField() throws IOException {
        Set<String> any = new TreeSet<>();
        addRequiredOfAny(schema(), "", any);
        Set<String> here = required().stream()
                .map(path -> path.replaceAll("/\\d+(?=/)", "/*"))
                .collect(Collectors.toSet());
        assertThat(here).isEqualTo(any);
    }

    @ParameterizedTest
    @MethodSource("required")
    void aSimulationNamesTheFieldThatIsRequired(String path) throws IOException {
        var run = Run.of(
                "simulate",
                "-f",
                saved("rollout.yaml", without(path).toString()),
                "--samples",
                saved("samples.csv", "0,ErrorRatio,candidate,0\n"));
        assertThat(run.code()).as(run.toString()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains(path.substring(1).replaceAll("/(\\d+)", "[$1]").replace('/', '.'))
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @MethodSource("required")
    void statusTellsWhatThereIs(String path) throws IOException {
        try (var cluster = new FakeCluster(folder, without(path).toString())) {
            assertThat(Run.of("status", "api", "--kubeconfig", cluster.kubeconfig()))
                    .satisfies(LeftOutTest::isOurs);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void explainAndReportTellWhatThereIs(String path) throws IOException {
        for (var resource : Stream.of(without(path), withNull(path)).toList()) {
            assertThat(explain(resource)).satisfies(LeftOutTest::isOurs);
            assertThat(report(resource)).satisfies(LeftOutTest::isOurs);
        }
    }
}
