package sluice.observability.picture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks a Prometheus for series over a span of time. */
final class PrometheusClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI url;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** A series: labels and samples, oldest first. */
    record Series(Map<String, String> labels, List<Point> points) {}

    PrometheusClient(URI url) {
        this.url = url;
    }

    /**
     * Evaluates a query at each step.
     *
     * @throws IllegalStateException when Prometheus refuses the query, with its reason
     * @throws UncheckedIOException when it cannot be reached
     */
    List<Series> range(String promql, Span span) {
        var answer = get("query_range?query=%s&start=%s&end=%s&step=%d"
                .formatted(
                        URLEncoder.encode(promql, StandardCharsets.UTF_8),
                        span.from(),
                        span.to(),
                        span.step().toSeconds()));
        if (!answer.path("status").asText().equals("success")) {
            throw new IllegalStateException(
                    "%s: %s".formatted(promql, answer.path("error").asText()));
        }
        return answer.at("/data/result")
                .valueStream()
                .map(PrometheusClient::series)
                .toList();
    }

    private JsonNode get(String path) {
        var request = HttpRequest.newBuilder(URI.create(url.toString().replaceFirst("/$", "") + "/api/v1/" + path))
                .timeout(PATIENCE)
                .build();
        try {
            return JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask " + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Series series(JsonNode result) {
        var labels = new HashMap<String, String>();
        result.path("metric").forEachEntry((name, value) -> labels.put(name, value.asText()));
        var points = result.path("values")
                .valueStream()
                // Numbers as text, for NaN and +Inf are among them.
                .map(pair ->
                        new Point(pair.path(0).asDouble(), number(pair.path(1).asText())))
                .toList();
        return new Series(labels, points);
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
