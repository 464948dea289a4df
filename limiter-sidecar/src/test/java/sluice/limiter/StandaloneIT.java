package sluice.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.redis.RedisServer;

/** The script of target/dist with the files of examples, as somebody without Kubernetes runs it. */
class StandaloneIT {

    private static final Path SCRIPT =
            Path.of("target/dist/bin/limiter-sidecar").toAbsolutePath();
    private static final Pattern SERVING = Pattern.compile("Serving port=(\\d+) adminPort=(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path folder;

    private HttpServer app;
    private Path file;
    private Optional<Process> sidecar = Optional.empty();
    private int port;
    private int adminPort;

    @BeforeEach
    void startApp() throws IOException {
        assertThat(SCRIPT)
                .as("the sidecar as a folder: mvn -pl limiter-sidecar -am package -DskipTests")
                .isExecutable();
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        app.start();
        file = folder.resolve("sidecar.yaml");
    }

    @AfterEach
    void stop() {
        sidecar.ifPresent(Process::destroyForcibly);
        app.stop(0);
        client.shutdownNow();
    }

    /** An example, on free ports, with our app behind it, and with buckets that stay empty however long a test takes. */
    private String example(String name) throws IOException {
        return Files.readString(Path.of("examples", name))
                .replace("per: 1m", "per: 1h")
                .replace("port: 15080", "port: 0")
                .replace("adminPort: 15090", "adminPort: 0")
                .replace("127.0.0.1:8000", "127.0.0.1:" + app.getAddress().getPort());
    }

    private ProcessBuilder script(String... arguments) {
        var command = new ArrayList<String>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return process;
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        return script(arguments).start().waitFor();
    }

    private void serve(String text) throws IOException {
        Files.writeString(file, text);
        sidecar = Optional.of(script("--config", "sidecar.yaml").start());
        await().atMost(PATIENCE).until(this::findPorts);
    }

    private void serveFromAPipe(String text) throws IOException {
        var process = script("--config", "/dev/stdin").start();
        sidecar = Optional.of(process);
        try (var pipe = process.outputWriter()) {
            pipe.write(text);
        }
        await().atMost(PATIENCE).until(this::findPorts);
    }

    private boolean findPorts() throws IOException {
        var serving = SERVING.matcher(out());
        if (!serving.find()) {
            return false;
        }
        port = Integer.parseInt(serving.group(1));
        adminPort = Integer.parseInt(serving.group(2));
        return true;
    }

    private String out() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    private HttpResponse<String> send(int toPort, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + toPort + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int status(String path) throws IOException, InterruptedException {
        return send(port, path).statusCode();
    }

    private String metric(String name) throws IOException, InterruptedException {
        return send(adminPort, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("absent");
    }

    private void awaitMetric(String name, String value) {
        await().atMost(PATIENCE).until(() -> metric(name).equals(value));
    }

    @Test
    void limitsAsItsFileSaysAndEndsWell() throws Exception {
        serve(example("memory.yaml"));

        for (var request = 0; request < 10; request++) {
            assertThat(status("/api/orders")).isEqualTo(200);
        }
        assertThat(status("/api/orders")).isEqualTo(429);
        assertThat(status("/other")).isEqualTo(200);
        assertThat(metric("sluice_config_refused")).isEqualTo("0.0");

        var process = sidecar.orElseThrow();
        // A hang-up asks many servers to read their files again, and must not end this one.
        assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(status("/other")).isEqualTo(200);
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(err()).isEmpty();
    }

    @Test
    void takesAChangedFileUpWithoutDroppingARequest() throws Exception {
        serve(example("memory.yaml").replace("tokens: 10", "tokens: 1000000"));
        var going = new AtomicBoolean(true);
        var failed = new ArrayList<String>();
        var load = Thread.ofVirtual().start(() -> {
            while (going.get()) {
                try {
                    var answer = status("/api/load");
                    if (answer != 200 && answer != 429) {
                        failed.add("answered " + answer);
                    }
                } catch (IOException | InterruptedException e) {
                    failed.add(e.toString());
                }
            }
        });

        Files.writeString(file, example("memory.yaml").replace("/api", "/v2").replace("tokens: 10", "tokens: 1"));
        awaitMetric("sluice_config_epoch", "2.0");
        assertThat(status("/v2")).isEqualTo(200);
        assertThat(status("/v2")).isEqualTo(429);

        // As an editor does, and as Kubernetes does.
        var written = Files.writeString(
                folder.resolve(".sidecar.yaml.swp"), example("memory.yaml").replace("/api", "/v3"));
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        awaitMetric("sluice_config_epoch", "3.0");
        assertThat(status("/v2")).isEqualTo(200);
        var data = Files.createDirectory(folder.resolve("..2026"));
        Files.writeString(data.resolve("sidecar.yaml"), example("memory.yaml").replace("tokens: 10", "tokens: 0"));
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("..2026/sidecar.yaml"));
        await().atMost(PATIENCE).until(() -> status("/api") == 429);

        going.set(false);
        load.join();
        assertThat(failed).isEmpty();
    }

    @Test
    void staysWithTheOldFileWhenTheNewOneIsWrong() throws Exception {
        serve(example("memory.yaml"));

        Files.writeString(
                file,
                example("memory.yaml")
                        .replace("tokens: 10", "tokens: 0\n    burts: 5")
                        .replace("Memory", "Disk"));
        awaitMetric("sluice_config_refused", "1.0");
        assertThat(metric("sluice_config_epoch")).isEqualTo("1.0");
        assertThat(status("/api")).isEqualTo(200);
        // Said after it is counted.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(out())
                        .contains("limiter.backend: must be Off, Memory or Redis")
                        .contains("limiter.limits[0].burts: is not a known field"));

        Files.writeString(
                file, example("memory.yaml").replaceFirst("port: 0", "port: 1").replace("tokens: 10", "tokens: 0"));
        awaitMetric("sluice_config_refused", "0.0");
        assertThat(metric("sluice_config_epoch")).isEqualTo("2.0");
        assertThat(status("/api")).isEqualTo(429);
        assertThat(out()).contains("Taken up without port, which only a restart changes");
    }

    @Test
    void servesWhatComesThroughAPipe() throws Exception {
        serveFromAPipe(example("memory.yaml").replace("tokens: 10", "tokens: 1"));

        assertThat(status("/api")).isEqualTo(200);
        assertThat(status("/api")).isEqualTo(429);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(out()).contains("/dev/stdin is a pipe or the like, which only a restart"));
        assertThat(status("/api")).isEqualTo(429);
        assertThat(metric("sluice_config_refused")).isEqualTo("0.0");
    }

    @Test
    void closesForMaintenanceWhileTheFileSaysSo() throws Exception {
        serve(example("memory.yaml") + "  exempt: {paths: [/healthz]}\n");
        assertThat(status("/")).isEqualTo(200);

        Files.writeString(file, Files.readString(file) + "maintenance: {enabled: true}\n");
        await().atMost(PATIENCE).until(() -> status("/") == 503);
        assertThat(status("/healthz")).isEqualTo(200);

        Files.writeString(file, Files.readString(file).replace("enabled: true", "enabled: false"));
        await().atMost(PATIENCE).until(() -> status("/") == 200);
    }

    @Test
    void countsInRedis() throws Exception {
        try (var server = RedisServer.start(folder)) {
            server.writeSecret(folder.resolve("secrets/redis"));
            serve(example("redis.yaml").replace("timeout: 20ms", "timeout: 10s"));
            await().atMost(PATIENCE)
                    .until(() -> metric("sluice_fallback_active").equals("0.0"));

            for (var request = 0; request < 10; request++) {
                assertThat(status("/api")).isEqualTo(200);
            }
            assertThat(status("/api")).isEqualTo(429);
            assertThat(status("/api/health")).isEqualTo(200);
            assertThat(send(adminPort, "/metrics").body())
                    .containsPattern("sluice_decisions_total\\{[^}]*redis[^}]*throttle[^}]*} 1\\.0|"
                            + "sluice_decisions_total\\{[^}]*throttle[^}]*redis[^}]*} 1\\.0");
        }
    }

    @Test
    void validatesFromAnyFolderAndThroughALink() throws Exception {
        Files.writeString(file, example("memory.yaml"));
        var link = Files.createSymbolicLink(folder.resolve("link"), SCRIPT);

        assertThat(new ProcessBuilder(link.toString(), "--validate", "sidecar.yaml")
                        .directory(folder.toFile())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(run("--validate", "sidecar.yaml")).isZero();
        assertThat(out()).isEqualTo("sidecar.yaml is valid\n");

        Files.writeString(file, "port: 80000\nlimiter: {backend: Memory, limits: [{name: api, per: 1m}]}\n");
        assertThat(run("--validate", "sidecar.yaml")).isEqualTo(1);
        assertThat(err()).isEqualTo("""
                        sidecar.yaml: upstream: is missing
                        sidecar.yaml:1:1: port: must be at most 65535, is 80000
                        sidecar.yaml:2:37: limiter.limits[0].tokens: is missing; give it, or unlimited: true
                        """);
        assertThat(run("--valid")).isEqualTo(2);
    }

    @Test
    void saysThatItsPortIsTaken() throws Exception {
        var taken = app.getAddress().getPort();
        Files.writeString(file, example("memory.yaml").replaceFirst("port: 0", "port: " + taken));

        assertThat(run("--config", "sidecar.yaml")).isEqualTo(1);
        assertThat(err().lines()).singleElement().asString().startsWith("Cannot serve: the port " + taken + " ");

        Files.writeString(file, example("memory.yaml").replaceFirst("adminPort: 0", "adminPort: " + taken));

        assertThat(run("--config", "sidecar.yaml")).isEqualTo(1);
        assertThat(err().lines()).singleElement().asString().startsWith("Cannot serve: the admin port " + taken + " ");
    }

    @Test
    void saysWhichJavaItNeeds() throws Exception {
        var old = Files.createDirectories(folder.resolve("old/bin"));
        Files.writeString(folder.resolve("old/release"), "JAVA_VERSION=\"17.0.9\"\n");
        assertThat(Files.createFile(old.resolve("java")).toFile().setExecutable(true))
                .isTrue();
        // This machine has a Java that it would find: it is to look elsewhere.
        var elsewhere = Files.createDirectories(folder.resolve("bin")).resolve("limiter-sidecar");
        Files.writeString(elsewhere, Files.readString(SCRIPT).replace("/usr/lib/jvm", folder + "/none"));
        Files.createDirectories(folder.resolve("lib"));
        var tools = Files.createDirectories(folder.resolve("tools"));
        for (var tool : List.of("dirname", "readlink", "sed")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        var process = script();
        process.command("/bin/sh", elsewhere.toString(), "--version");
        process.environment().put("PATH", tools.toString());
        process.environment().put("JAVA_HOME", folder.resolve("old").toString());

        assertThat(process.start().waitFor()).isEqualTo(1);
        assertThat(err()).contains("needs Java 25 or newer").contains("JAVA_HOME=" + folder.resolve("old"));
    }
}
