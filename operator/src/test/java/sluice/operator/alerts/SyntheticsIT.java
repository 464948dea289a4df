package sluice.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.certificates.LocalhostCertificate;
import sluice.operator.prometheus.PrometheusProcess;
import sluice.operator.prometheus.PrometheusProvider;
import sluice.operator.prometheus.PrometheusSignalReader;
import sluice.operator.prometheus.SidecarPage;
import sluice.operator.reconcile.PlanMapping;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.RolloutDecider;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sidecars;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.testing.ChildProcess;
import sluice.operator.testing.FreePort;

/** The checks from outside, by a real blackbox exporter with the chart's modules, of a service that is broken in one way after the other. */
class SyntheticsIT {

    private static final Path FOLDER = AlertFiles.FOLDER.resolveSibling("synthetics");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static CheckedService service;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ChildProcess exporter;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static URI probe;

    private static final Pattern DOCUMENTED_RULE = Pattern.compile("`(\\{signal: Query,.*?})`(?=,)");

    /** One that steps at once when nothing is broken. */
    private static final String ROLLOUT = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: app}
            spec:
              targetRef: {name: app}
              limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
              strategy: {observe: 2s, steps: [{weight: 10, hold: 10m}, {weight: 100, hold: 10m}]}
              stopLoss:
                prometheus: default
                interval: 1s
                rules: [RULE]
            """;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Program.installed("prometheus-blackbox-exporter");
        var certificate = new LocalhostCertificate();
        service = CheckedService.overTls(certificate.server());
        var authority = Files.writeString(folder.resolve("ca.crt"), certificate.authorityPem());
        Files.writeString(folder.resolve("student-token"), CheckedService.STUDENT);
        Files.writeString(folder.resolve("provider-token"), CheckedService.PROVIDER);
        var modules = Files.writeString(
                folder.resolve("blackbox.yaml"),
                Files.readString(FOLDER.resolve("blackbox.yaml")).replace("/etc/blackbox/secrets", folder.toString()));
        var port = FreePort.find();
        probe = URI.create("http://127.0.0.1:" + port);
        exporter = ChildProcess.start(
                folder,
                List.of(
                        "env",
                        "SSL_CERT_FILE=" + authority,
                        "prometheus-blackbox-exporter",
                        "--config.file=" + modules,
                        "--web.listen-address=127.0.0.1:" + port));
        await().atMost(Duration.ofSeconds(60)).until(() -> exporter.runs() && answers());
    }

    @AfterAll
    static void stop() {
        if (exporter != null) {
            exporter.close();
        }
        if (service != null) {
            service.close();
        }
        CLIENT.shutdownNow();
    }

    @BeforeEach
    void heal() {
        service.isWell();
    }

    private static boolean answers() throws InterruptedException {
        try {
            return get("/metrics").contains("blackbox_exporter_build_info");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(probe.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return CLIENT.send(request, BodyHandlers.ofString()).body();
    }

    private static Stream<JsonNode> checks() {
        return AlertFiles.read(FOLDER.resolve("synthetics.json")).path("checks").valueStream();
    }

    private static JsonNode check(String name) {
        return checks().filter(check -> check.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What a scrape of the probe gets. */
    private static String tried(JsonNode check, CheckedService service, String host)
            throws IOException, InterruptedException {
        var target = service.url(host, check.path("path").asText());
        return get("/probe?module=%s&target=%s"
                .formatted(check.path("module").asText(), URLEncoder.encode(target, StandardCharsets.UTF_8)));
    }

    private static boolean succeeds(JsonNode check) throws IOException, InterruptedException {
        return tried(check, service, "localhost").contains("\nprobe_success 1\n");
    }

    static Stream<String> names() {
        return checks().map(check -> check.path("name").asText());
    }

    @ParameterizedTest
    @MethodSource("names")
    void succeedsWithAServiceThatIsWell(String name) throws Exception {
        assertThat(tried(check(name), service, "localhost"))
                .contains("\nprobe_success 1\n", "\nprobe_http_status_code ");
    }

    static Stream<Arguments> breakages() {
        var signIn = new CheckedService.Answer(302, "", Map.of("Location", "/sign-in"));
        return Stream.of(
                Arguments.of("public-health", "/healthz", CheckedService.Answer.of(503, "{\"status\":\"ok\"}")),
                Arguments.of("public-health", "/healthz", CheckedService.Answer.of(200, "{\"status\":\"down\"}")),
                Arguments.of("auth-required", "/api/me", CheckedService.Answer.of(200, "{\"name\":\"anybody\"}")),
                Arguments.of("auth-required", "/api/me", CheckedService.Answer.of(401, "{}")),
                Arguments.of("student-flow", "/api/courses", CheckedService.Answer.of(401, "{\"courses\":[]}")),
                Arguments.of("student-flow", "/api/courses", CheckedService.Answer.of(200, "{\"error\":\"sorry\"}")),
                Arguments.of("student-flow", "/api/courses", signIn),
                Arguments.of("provider-flow", "/api/me", CheckedService.Answer.of(500, "{\"role\":\"provider\"}")),
                Arguments.of("provider-flow", "/api/me", CheckedService.Answer.of(200, "{\"role\":\"student\"}")));
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void failsWhenThatIsBroken(String name, String path, CheckedService.Answer answer) throws Exception {
        service.answers(path, answer);
        assertThat(succeeds(check(name))).isFalse();
        service.isWell();
        assertThat(succeeds(check(name))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("names")
    void failsWithoutTlsAndWithACertificateForAnotherName(String name) throws Exception {
        try (var plain = CheckedService.inPlainText()) {
            assertThat(tried(check(name), plain, "localhost")).contains("\nprobe_success 0\n");
        }
        assertThat(tried(check(name), service, "127.0.0.1")).contains("\nprobe_success 0\n");
    }

    @Test
    void areTheSameInTheListTheModulesTheScrapeAndTheAlert() throws IOException {
        var modules = AlertFiles.read(FOLDER.resolve("blackbox.yaml")).path("modules");
        var scrape = AlertFiles.read(FOLDER.resolve("scrape.yaml")).at("/scrape_configs/0");
        var alerts = Files.readString(AlertFiles.FOLDER.resolve("synthetics.yaml"));
        var list = AlertFiles.read(FOLDER.resolve("synthetics.json"));

        assertThat(modules.properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(
                        checks().map(check -> check.path("module").asText()).toList());
        assertThat(scrape.path("scrape_interval").asText())
                .isEqualTo(list.path("interval").asText());
        assertThat(scrape.path("static_configs").valueStream().map(SyntheticsIT::scraped))
                .containsExactlyElementsOf(checks().map(SyntheticsIT::listed).toList());
        assertThat(checks())
                .allSatisfy(check -> assertThat(alerts)
                        .contains("absent(probe_success{check=\"%s\"})"
                                .formatted(check.path("name").asText())));
        assertThat(list.path("failuresInARow").asInt()).isEqualTo(2);
    }

    @Test
    void aFailingCheckRollsARolloutBackByTheRuleThatIsDocumented(@TempDir Path folder) throws Exception {
        var decision = Files.readString(Path.of("..", "docs", "decisions", "0088-checks-from-outside.md"));
        var rule = DOCUMENTED_RULE
                .matcher(decision)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1)
                .replace("for: 2m", "for: 3s");
        var plan = PlanMapping.toPlan(
                Serialization.unmarshal(ROLLOUT.replace("RULE", rule), RateLimitRollout.class)
                        .getSpec(),
                Optional.empty());
        try (var sidecar = new SidecarPage(SidecarPage.Arm.healthy("app", "candidate", "1111111111"));
                var prometheus = PrometheusProcess.start(folder, scrapesEverySecond(sidecar));
                var reader = new PrometheusSignalReader(
                        Map.of("default", new PrometheusProvider(prometheus.url(), Duration.ofSeconds(2), true)))) {
            var rollout = new Rollout(reader, plan);
            await().pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(60))
                    .until(rollout::decide, Decision.Start.class::isInstance);
            service.answers("/api/courses", CheckedService.Answer.of(500, "{}"));
            await().pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(60))
                    .until(rollout::decide, Decision.RollBack.class::isInstance);
            assertThat(rollout.state.lastRollback().orElseThrow().reason())
                    .isInstanceOfSatisfying(RollbackReason.StopLossBroken.class, reason -> {
                        assertThat(reason.cause()).isEqualTo("synthetics");
                        assertThat(reason.breach().value()).isEqualTo(1);
                    });
        }
    }

    /** One whose sidecars are all there, decided on what Prometheus says. */
    private static final class Rollout {
        private final PrometheusSignalReader reader;
        private final RolloutPlan plan;
        private RolloutState state = RolloutState.injected(new Limiter("1111111111", "{}"), Instant.now());

        Rollout(PrometheusSignalReader reader, RolloutPlan plan) {
            this.reader = reader;
            this.plan = plan;
        }

        Decision decide() {
            var now = Instant.now();
            var signals = reader.read(SignalQuery.of("apps", "app", plan, state, List.of(), now), plan, now);
            var evaluation = RolloutDecider.decide(
                    plan, state, new Observation(new Sidecars(1, 1, 1, 1), signals, List.of()), now);
            state = evaluation.next();
            return evaluation.decision();
        }
    }

    private static String scrapesEverySecond(SidecarPage sidecar) throws IOException {
        var scrapes = Files.readString(FOLDER.resolve("scrape.yaml"));
        var rules = FOLDER.resolveSibling("alerts").resolve("synthetics.yaml").toString();
        return scrapes.replace("../alerts/synthetics.yaml", rules)
                        .replace("scrape_interval: 1m", "scrape_interval: 1s")
                        .replace("scrape_timeout: 15s", "scrape_timeout: 1s")
                        .replace("https://scholarship.example", service.url("localhost", ""))
                        .replace("blackbox-exporter.monitoring.svc:9115", probe.getAuthority())
                + """
                - job_name: sidecars
                  scrape_interval: 1s
                  scrape_timeout: 1s
                  static_configs:
                  - {targets: ["%s"], labels: {namespace: apps, pod: app-0}}
                """.formatted(sidecar.address());
    }

    private static String listed(JsonNode check) {
        return check.path("name").asText() + " " + check.path("module").asText() + " "
                + check.path("path").asText();
    }

    private static String scraped(JsonNode target) {
        return target.at("/labels/check").asText() + " "
                + target.at("/labels/__param_module").asText() + " "
                + URI.create(target.at("/targets/0").asText()).getPath();
    }
}
