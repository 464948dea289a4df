package sluice.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.operator.certificates.LocalhostCertificate;
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
