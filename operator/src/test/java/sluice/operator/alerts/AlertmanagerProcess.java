package sluice.operator.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.testing.ChildProcess;
import sluice.operator.testing.FreePort;

/** A real Alertmanager on a free loopback port with the chart's configuration, which waits for a second where that says ten or more. */
final class AlertmanagerProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final ChildProcess process;
    private final int port;

    private AlertmanagerProcess(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts and does not wait.
     *
     * @param slack where messages go, instead of to Slack
     */
    static AlertmanagerProcess start(Path folder, URI slack) throws IOException {
        var port = FreePort.find();
        var webhook = Files.writeString(folder.resolve("slack-webhook"), slack.toString());
        var config = Files.readString(AlertFiles.FOLDER.resolve("alertmanager.yaml"))
                .replace("/etc/alertmanager/secrets/slack-webhook", webhook.toString())
                .replaceAll("group_wait: \\S+", "group_wait: 1s")
                .replaceAll("group_interval: \\S+", "group_interval: 1s");
        var file = Files.writeString(folder.resolve("alertmanager.yaml"), config);
        return new AlertmanagerProcess(
                ChildProcess.start(
                        folder,
                        List.of(
                                "prometheus-alertmanager",
                                "--config.file=" + file,
                                "--storage.path=" + folder.resolve("alertmanager"),
                                "--web.listen-address=127.0.0.1:" + port,
                                "--cluster.listen-address=",
                                "--log.level=warn")),
                port);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Whether it answers; throws with the end of its log when it has ended. */
    boolean isReady() {
        return process.runs() && get("/-/ready").isPresent();
    }

    /** The alerts that it knows of, as its API has them. */
    JsonNode alerts() throws IOException {
        return JSON.readTree(get("/api/v2/alerts").orElse("[]"));
    }

    /** Tells it of an alert, as Prometheus does. */
    void alert(Map<String, String> labels) throws IOException, InterruptedException {
        var body = JSON.writeValueAsString(List.of(Map.of("labels", labels)));
        var request = HttpRequest.newBuilder(uri("/api/v2/alerts"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
    }

    private Optional<String> get(String path) {
        try {
            var request = HttpRequest.newBuilder(uri(path))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            var answer = client.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException notYet) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private URI uri(String path) {
        return URI.create("http://" + address() + path);
    }

    @Override
    public void close() {
        client.shutdownNow();
        process.close();
    }
}
