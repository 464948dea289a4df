package sluice.operator.prometheus;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One Prometheus over HTTP. Bounded in time, size and number of queries; never throws for what the other side does. */
class PrometheusApi {
    static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int LONGEST_BODY = 1 << 20;
    private static final int MOST_AT_ONCE = 32;

    private final HttpClient http;
    private final String base;
    private final Semaphore slots = new Semaphore(MOST_AT_ONCE);

    PrometheusApi(HttpClient http, URI url) {
        this.http = http;
        this.base = base(url);
    }

    /** Values at {@code start}, {@code start + step} and so on up to {@code end}. */
    Answer range(String query, Instant start, Instant end, Duration step) {
        Map<String, String> parameters = Map.of(
                "query", query,
                "start", seconds(start.toEpochMilli()),
                "end", seconds(end.toEpochMilli()),
                "step", seconds(step.toMillis()),
                "timeout", TIMEOUT.toSeconds() + "s");
        return get("/api/v1/query_range", parameters, AnswerParser::matrix);
    }

    /** The value at one instant. */
    Answer instant(String query, Instant at) {
        Map<String, String> parameters =
                Map.of("query", query, "time", seconds(at.toEpochMilli()), "timeout", TIMEOUT.toSeconds() + "s");
        return get("/api/v1/query", parameters, AnswerParser::vector);
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }

    private Answer get(String path, Map<String, String> parameters, Function<byte[], Answer> parser) {
        HttpRequest request = request(base, path, parameters);
        try {
            if (!slots.tryAcquire(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Answer.Failed("too many queries are under way");
            }
            try {
                return answer(send(http, request), parser);
            } catch (TimeoutException e) {
                return tooLate();
            } catch (ExecutionException e) {
                return failed(e.getCause());
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Failed("the query was interrupted");
        }
    }

    /** What the path of a question is put behind. */
    static String base(URI url) {
        return url.toString().replaceFirst("/$", "");
    }

    /** A question to the Prometheus with this {@link #base}. */
    static HttpRequest request(String base, String path, Map<String, String> parameters) {
        return HttpRequest.newBuilder(URI.create(base + path + "?" + form(parameters)))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .build();
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Its answer within the timeout, of at most 1 MiB. */
    static HttpResponse<byte[]> send(HttpClient http, HttpRequest request)
            throws InterruptedException, ExecutionException, TimeoutException {
        BodyHandler<byte[]> atMost = BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_BODY);
        CompletableFuture<HttpResponse<byte[]>> response = http.sendAsync(request, atMost);
        try {
            // The request's own timeout ends with the headers; the future's also covers a body that never ends.
            return response.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            response.cancel(true);
        }
    }

    private static Answer answer(HttpResponse<byte[]> response, Function<byte[], Answer> parser) {
        return switch (response.statusCode()) {
            case 200 -> parser.apply(response.body());
            case 400 -> AnswerParser.badRequest(response.body());
            default -> new Answer.Failed("Prometheus answered " + response.statusCode());
        };
    }

    private static Answer failed(@Nullable Throwable cause) {
        return switch (cause) {
            case HttpTimeoutException _ -> tooLate();
            case ConnectException _ -> new Answer.Failed("Prometheus cannot be reached");
            case IOException _ -> new Answer.Failed("the answer is cut off or larger than 1 MiB");
            case null, default -> new Answer.Failed("the query failed");
        };
    }

    private static Answer tooLate() {
        return new Answer.Failed("Prometheus did not answer within " + TIMEOUT.toSeconds() + " s");
    }
}
