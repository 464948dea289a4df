package sluice.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar as a process, with a bootstrap file and no operator. */
class LimiterMainIT {

    private static final String CONFIG = """
            {"version": 1, "rollout": {"namespace": "apps", "name": "scholarship-api", "uid": "6f0c"}, "epoch": 7, "weight": 0,
             "armIdentity": {"trustedProxies": ["127.0.0.0/8"], "ipv6Prefix": 64},
             "stable": {"revision": "3f9a0c12de", "backend": "Memory", "enforcement": "Enforce", "exemptPaths": [],
              "limits": [{"name": "api", "match": {"path": null, "pathPrefix": "/api", "methods": [], "headers": {}},
                          "tokens": 2, "periodMillis": 60000, "burst": 2}],
              "identity": {"trustedProxies": ["127.0.0.0/8"], "ipv6Prefix": 64}},
             "replicas": 1}
            """;

    private static final Pattern SERVING = Pattern.compile("Serving port=(\\d+) adminPort=(\\d+)");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path folder;

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer app;
    private Process sidecar;
    private int port;
    private int adminPort;

    @BeforeEach
    void start() throws Exception {
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        app.start();
        sidecar = startSidecar("0", "out");
        await().atMost(Duration.ofSeconds(30)).until(this::findPorts);
        assertThat(get(adminPort, "/ready")).isEqualTo(200);
    }

    private boolean findPorts() throws IOException {
        var serving = SERVING.matcher(Files.readString(folder.resolve("out")));
        if (!serving.find()) {
            return false;
        }
        port = Integer.parseInt(serving.group(1));
        adminPort = Integer.parseInt(serving.group(2));
        return true;
    }

    private Process startSidecar(String onPort, String out) throws IOException {
        var config = Files.writeString(folder.resolve("limiter.json"), CONFIG);
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LimiterMain.class.getName())
                .redirectOutput(folder.resolve(out).toFile())
                .redirectError(folder.resolve("err").toFile());
        process.environment().put("SLUICE_CONFIG", config.toString());
        process.environment().put("SLUICE_PORT", onPort);
        process.environment().put("SLUICE_ADMIN_PORT", "0");
        process.environment()
                .put("SLUICE_UPSTREAM", "127.0.0.1:" + app.getAddress().getPort());
        process.environment().put("SLUICE_SECRETS", folder.toString());
        process.environment().put("SLUICE_DRAIN_TOKEN", "secret");
        return process.start();
    }

    @AfterEach
    void stop() {
        sidecar.destroyForcibly();
        app.stop(0);
        client.shutdownNow();
    }

    private int get(int toPort, String path, String... headers) throws IOException, InterruptedException {
        return send(toPort, path, headers).statusCode();
    }

    private HttpResponse<String> send(int toPort, String path, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + toPort + path));
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private List<JsonNode> output() throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(folder.resolve("out"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    @Test
    void isWarmWhenItIsReadyAndHasCountedNothing() throws Exception {
        assertThat(output())
                .anyMatch(line -> line.path("message").textValue().matches("Warmed up requests=\\d+ millis=\\d+"))
                .noneMatch(line -> line.path("type").textValue().equals("REQUEST_LOG"));
        assertThat(send(adminPort, "/metrics").body())
                .doesNotContainPattern("sluice_(decisions|app_responses|auth|log_dropped)_total\\{[^}]*} [1-9]")
                .doesNotContainPattern("sluice_[a-z_]+_seconds_count\\{[^}]*} [1-9]");
        assertThat(asked).hasValue(0);
    }

    @Test
    void endsAtOnceWhenItsPortIsTaken() throws Exception {
        var second = startSidecar(Integer.toString(port), "second");
        try {
            assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(1);
            assertThat(Files.readString(folder.resolve("second"))).contains("Cannot start: ", "Address already in use");
        } finally {
            second.destroyForcibly();
        }
    }

    @Test
    void limitsCountsLogsDrainsAndEndsWell() throws Exception {
        var caller = new String[] {"X-Forwarded-For", "192.0.2.7"};
        assertThat(get(port, "/api", caller)).isEqualTo(200);
        assertThat(get(port, "/api", caller)).isEqualTo(200);
        var throttled = send(port, "/api", caller);
        assertThat(throttled.statusCode()).isEqualTo(429);
        assertThat(throttled.headers().firstValue("RateLimit-Policy")).contains("\"api\";q=2;w=60");
        assertThat(get(port, "/api", "X-Forwarded-For", "192.0.2.8")).isEqualTo(200);

        assertThat(send(adminPort, "/metrics").body())
                .containsPattern(
                        "sluice_decisions_total\\{rollout=\"scholarship-api\",[^}]*memory[^}]*throttle[^}]*} 1\\.0")
                .contains("sluice_config_epoch{rollout=\"scholarship-api\"} 7.0")
                .contains("sluice_lease_lost{rollout=\"scholarship-api\"} 0.0")
                .contains("sluice_fallback_active{rollout=\"scholarship-api\"} 0.0");

        assertThat(get(adminPort, "/drain", "X-Sluice-Drain-Token", "guess")).isEqualTo(403);
        assertThat(get(adminPort, "/drain", "X-Sluice-Drain-Token", "secret")).isEqualTo(200);
        assertThat(send(port, "/").headers().firstValue("Connection")).contains("close");

        sidecar.destroy();
        assertThat(sidecar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(sidecar.exitValue()).isZero();
        assertThat(Files.readString(folder.resolve("err"))).isEmpty();
        assertThat(output())
                .allMatch(line ->
                        List.of("LOG", "REQUEST_LOG").contains(line.path("type").textValue()))
                .filteredOn(line -> line.path("type").textValue().equals("REQUEST_LOG"))
                .hasSize(5);
        assertThat(output())
                .anyMatch(line -> "Stopping".equals(line.path("message").textValue()));
    }
}
