package sluice.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a Prometheus how something is now. Bounded in time and size. */
final class PrometheusNow implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST_BODY = 8 << 20;
    private static final JsonMapper JSON = new JsonMapper();

    private final URI prometheus;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();

    PrometheusNow(URI prometheus) {
        this.prometheus = prometheus;
    }

    /**
     * A list of an answer's data.
     *
     * @param path of the API, with its parameters
     * @throws IOException with what is wrong, without the address and without anything of the answer
     */
    JsonNode list(String path, String field) throws IOException {
        String base = prometheus.toString().replaceAll("/+$", "");
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT).build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_BODY));
        try {
            HttpResponse<byte[]> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("Prometheus answered " + response.statusCode());
            }
            return data(response.body(), field);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("Prometheus cannot be reached, or its answer is larger than 8 MiB", e);
        } catch (TimeoutException e) {
            throw new IOException("Prometheus did not answer within " + TIMEOUT.toSeconds() + " s", e);
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private static JsonNode data(byte[] body, String field) throws IOException {
        JsonNode list = tree(body).path("data").path(field);
        if (!list.isArray()) {
            throw new IOException("Prometheus did not answer as it should");
        }
        return list;
    }

    private static JsonNode tree(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new IOException("Prometheus did not answer with JSON", e);
        }
    }
}
