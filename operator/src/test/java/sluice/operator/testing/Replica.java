package sluice.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One replica of the operator, a process of its own.
 *
 * @param control the port of the stream
 * @param health the port of the health page and of the metrics
 */
public record Replica(String name, Process process, int control, int health, Path logFile) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** A page of the health port; empty when it does not answer 200. */
    public String get(String path) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + health + path))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            var response = HTTP.send(request, BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException notYet) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public boolean isReady() {
        return !get("/readyz").isEmpty();
    }

    public boolean leads() {
        return get("/metrics").contains("sluice_operator_leader 1.0");
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Everything it has said so far. */
    public String log() {
        try {
            return Files.readString(logFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
