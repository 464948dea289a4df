package sluice.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import sluice.operator.prometheus.PrometheusProcess;

/** A real Prometheus on a free loopback port that scrapes nothing, and has what was recorded. */
final class RecordedPrometheus implements AutoCloseable {
    private final PrometheusProcess prometheus;

    private RecordedPrometheus(PrometheusProcess prometheus) {
        this.prometheus = prometheus;
    }

    /** Starts with the samples of a text in the OpenMetrics format. */
    static RecordedPrometheus with(Path folder, String openMetrics) throws IOException {
        return with(folder, openMetrics, "groups: []\n");
    }

    /** Starts with samples and rules. */
    static RecordedPrometheus with(Path folder, String openMetrics, String rules) throws IOException {
        record(Files.writeString(folder.resolve("recorded.txt"), openMetrics), folder);
        Files.writeString(folder.resolve("rules.yml"), rules);
        var process = PrometheusProcess.start(folder, "global: {}\nrule_files: [rules.yml]\n");
        var prometheus = new RecordedPrometheus(process);
        await().atMost(Duration.ofSeconds(60)).until(prometheus::isReady);
        return prometheus;
    }

    /** Makes of it the data that a Prometheus in that folder starts with. */
    private static void record(Path openMetrics, Path folder) throws IOException {
        var log = folder.resolve("promtool.log");
        var data = folder.resolve("data");
        var promtool = new ProcessBuilder(
                        "promtool",
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        openMetrics.toString(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        if (started(promtool).onExit().join().exitValue() != 0) {
            throw new IOException("promtool: " + Files.readString(log));
        }
    }

    private static Process started(ProcessBuilder promtool) throws IOException {
        try {
            return promtool.start();
        } catch (IOException e) {
            throw new IOException("this test needs promtool in PATH (Debian package prometheus)", e);
        }
    }

    /** Waits until a rule has made a series. */
    void awaitSeries(String metric) {
        await().atMost(Duration.ofSeconds(60)).until(() -> answers("/api/v1/query?query=" + metric, metric));
    }

    private boolean isReady() {
        return answers("/-/ready", "");
    }

    private boolean answers(String path, String text) {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(prometheus.url().resolve(path)).build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains(text);
        } catch (IOException stillStarting) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    String url() {
        return prometheus.url().toString();
    }

    @Override
    public void close() {
        prometheus.close();
    }
}
