package sluice.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.certificates.LocalhostCertificate;

class WebhookServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHAPES = Path.of("src/test/resources/injection");
    private static final InjectionSettings SETTINGS =
            InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://control:9443");

    private final Map<String, RateLimitRollout> rollouts = new ConcurrentHashMap<>();
    private final LocalhostCertificate certificate = new LocalhostCertificate();
    private BiFunction<String, String, Optional<RateLimitRollout>> lookup =
            (namespace, name) -> Optional.ofNullable(rollouts.get(namespace + "/" + name));

    @SuppressWarnings("NullAway.Init")
    private WebhookServer server;

    @SuppressWarnings("NullAway.Init")
    private HttpClient client;

    @BeforeEach
    void serve() throws Exception {
        rollouts.put("apps/scholarship-api", rollout());
        server = new WebhookServer(
                SETTINGS, (namespace, name) -> lookup.apply(namespace, name), certificate.server(), 0);
        client = HttpClient.newBuilder().sslContext(certificate.client()).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void injectsThePodThatTheApiServerSends() throws Exception {
        var pod = pod("probes-by-name");
        // As Go writes it, with nulls and fields that no Java model knows.
        ((ObjectNode) pod.path("metadata")).putNull("creationTimestamp");
        ((ObjectNode) pod.path("spec")).put("fieldOfTheFuture", "kept").putObject("securityContext");
        ((ObjectNode) pod).putObject("status");

        var response = review("CREATE", pod);

        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.path("uid").asText()).isEqualTo("705ab4f5-6393-11e8-b7cc-42010a800002");
        assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
        var injected = JsonPatch.apply(patch(response), pod);
        assertThat(injected.at("/spec/initContainers/0/name").asText()).isEqualTo("sluice-limiter");
        assertThat(injected.at("/spec/containers/0/ports/0/name").asText()).isEqualTo("http-app");
        assertThat(injected.at("/spec/fieldOfTheFuture").asText()).isEqualTo("kept");
        assertThat(injected.at("/spec/securityContext").isObject()).isTrue();
    }

    @Test
    void givesEveryPodAnotherDrainToken() throws Exception {
        assertThat(drainToken()).hasSizeGreaterThan(20).isNotEqualTo(drainToken());
    }

    @Test
    void admitsAPodThatCannotBeInjectedAndSaysWhy() throws Exception {
        var pod = pod("unnamed-port");
        ((ObjectNode) pod.path("spec")).put("serviceAccountName", "default");
        var response = review("CREATE", pod);
        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.has("patch")).isFalse();
        assertThat(response.at("/warnings/0").asText()).contains("no container has a TCP port named http");
    }

    @Test
    void leavesAPodAloneThatCannotHaveAToken() throws Exception {
        var pod = pod("probes-by-name");
        ((ObjectNode) pod.path("spec")).remove("serviceAccountName");
        var response = review("CREATE", pod);
        assertThat(response.has("patch")).isFalse();
        assertThat(response.at("/warnings/0").asText()).contains("no service account");
    }

    @Test
    void admitsAPodWhoseRolloutIsUnknown() throws Exception {
        rollouts.clear();
        var response = review("CREATE", pod("probes-by-name"));
        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.at("/warnings/0").asText()).contains("no RateLimitRollout apps/scholarship-api");
    }

    @Test
    void waitsAMomentForACacheThatIsBehindTheLabel() throws Exception {
        var asked = new AtomicInteger();
        lookup = (_, _) -> asked.incrementAndGet() < 3 ? Optional.empty() : Optional.of(rollout());
        assertThat(review("CREATE", pod("probes-by-name")).has("patch")).isTrue();
    }

    @Test
    void admitsAPodWhenLookingUpItsRolloutFails() throws Exception {
        lookup = (_, _) -> {
            throw new IllegalStateException("cache not filled");
        };
        var response = review("CREATE", pod("probes-by-name"));
        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.at("/warnings/0").asText()).contains("IllegalStateException");
    }

    @Test
    void leavesPodsWithoutTheLabelAndOtherOperationsAlone() throws Exception {
        var unlabelled = pod("probes-by-name");
        ((ObjectNode) unlabelled.at("/metadata/labels")).remove("sluice.dev/limiter");
        assertThat(review("CREATE", unlabelled).has("patch")).isFalse();
        assertThat(review("UPDATE", pod("probes-by-name")).has("patch")).isFalse();
        assertThat(review("CREATE", JSON.createObjectNode()).path("allowed").asBoolean())
                .isTrue();
    }

    @Test
    void refusesWhatIsNoQuestion() throws Exception {
        assertThat(post("garbage").statusCode()).isEqualTo(400);
        assertThat(post("").statusCode()).isEqualTo(400);
        assertThat(post("[]").statusCode()).isEqualTo(400);
        assertThat(post("{\"kind\":\"AdmissionReview\"}").statusCode()).isEqualTo(400);
        assertThat(post("[".repeat(100_000)).statusCode()).isEqualTo(400);
        assertThat(
                        post("{\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"1\",\"object\":{\"metadata\":{\"labels\":{\"sluice.dev/limiter\":\"scholarship-api.1\"}},\"spec\":[7]},\"namespace\":\"apps\",\"operation\":\"CREATE\","
                                        + "\"kind\":{\"kind\":\"Pod\"}}}")
                                .body())
                .contains("\"allowed\":true");
    }

    @Test
    void refusesBodiesOverThreeMebibytesOtherPathsAndOtherMethods() throws Exception {
        assertThat(post(" ".repeat(3 * 1024 * 1024 + 1)).statusCode()).isEqualTo(413);
        assertThat(send(request("/mutate/more").POST(BodyPublishers.noBody())).statusCode())
                .isEqualTo(404);
        assertThat(send(request("/mutate").GET()).statusCode()).isEqualTo(405);
    }

    private String drainToken() throws Exception {
        var patch = patch(review("CREATE", pod("probes-by-name"))).toString();
        var header = "\"X-Sluice-Drain-Token\",\"value\":\"";
        var start = patch.indexOf(header) + header.length();
        return patch.substring(start, patch.indexOf('"', start));
    }

    private JsonNode review(String operation, JsonNode pod) throws Exception {
        var review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        var request = review.putObject("request");
        request.put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002");
        request.put("operation", operation).put("namespace", "apps");
        request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
        request.set("object", pod);
        var answer = post(review.toString());
        assertThat(answer.statusCode()).isEqualTo(200);
        var tree = JSON.readTree(answer.body());
        assertThat(tree.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
        assertThat(tree.path("kind").asText()).isEqualTo("AdmissionReview");
        return tree.path("response");
    }

    private static JsonNode patch(JsonNode response) throws IOException {
        return JSON.readTree(Base64.getDecoder().decode(response.path("patch").asText()));
    }

    private HttpResponse<String> post(String body) throws Exception {
        return send(request("/mutate").POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode pod(String shape) throws IOException {
        return new YAMLMapper()
                .readTree(SHAPES.resolve(shape).resolve("in-pod.yaml").toFile());
    }

    private static RateLimitRollout rollout() {
        try {
            return new YAMLMapper().readValue(SHAPES.resolve("in-rollout.yaml").toFile(), RateLimitRollout.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
