package sluice.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Prometheus on a free loopback port that scrapes nothing, and has what was recorded. */
final class RecordedPrometheus implements AutoCloseable {
    private final Process process;
    private final URI url;

    private RecordedPrometheus(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** Starts with the samples of a text in the OpenMetrics format. */
    static RecordedPrometheus with(Path folder, String openMetrics) throws IOException {
        return with(folder, openMetrics, "groups: []\n");
    }

    /** Starts with samples and rules. */
    static RecordedPrometheus with(Path folder, String openMetrics, String rules) throws IOException {
        var recorded = Files.writeString(folder.resolve("recorded.txt"), openMetrics);
        var data = folder.resolve("data");
        var made = start(
                folder, "promtool", "tsdb", "create-blocks-from", "openmetrics", recorded.toString(), data.toString());
        if (made.onExit().join().exitValue() != 0) {
            throw new IOException("promtool: " + Files.readString(folder.resolve("promtool.log")));
        }
        int port = freePort();
        var config = Files.writeString(folder.resolve("prometheus.yml"), "global: {}\nrule_files: [rules.yml]\n");
        Files.writeString(folder.resolve("rules.yml"), rules);
        var process = start(
                folder,
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + data,
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn");
        var prometheus = new RecordedPrometheus(process, URI.create("http://127.0.0.1:" + port));
        await().atMost(Duration.ofSeconds(60)).until(prometheus::isReady);
        return prometheus;
    }

    private static Process start(Path folder, String... command) throws IOException {
        try {
            return new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(command[0] + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException("this test needs " + command[0] + " in PATH (Debian package prometheus)", e);
        }
    }

    private boolean isReady() {
        try (var http = HttpClient.newHttpClient()) {
            var ready = HttpRequest.newBuilder(url.resolve("/-/ready")).build();
            return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException stillStarting) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    String url() {
        return url.toString();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(_ -> process.destroyForcibly())
                .join();
    }
}
