package sluice.operator.scale;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers the operator's queries as a Prometheus would that sees healthy services of two pods, and candidates that fail from a moment on. */
final class ScriptedPrometheus implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Instant> failing = new ConcurrentHashMap<>();

    ScriptedPrometheus() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Half of the answers in a rollout's candidate arm are errors from now on. */
    void fail(String namespace, String rollout) {
        failing.put(labels(namespace, rollout), Instant.now());
    }

    void heal(String namespace, String rollout) {
        failing.remove(labels(namespace, rollout));
    }

    private static String labels(String namespace, String rollout) {
        return "namespace=\"%s\",rollout=\"%s\"".formatted(namespace, rollout);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var parameters = parameters(exchange.getRequestURI());
            var ranged = exchange.getRequestURI().getPath().endsWith("/query_range");
            var body = (ranged ? matrix(parameters) : vector(parameters)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Map<String, String> parameters(URI uri) {
        return Stream.of(uri.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private String vector(Map<String, String> parameters) {
        return result("vector", "\"value\":" + sample(parameters, new BigDecimal(parameters.get("time"))));
    }

    private String matrix(Map<String, String> parameters) {
        var step = new BigDecimal(parameters.get("step"));
        var end = new BigDecimal(parameters.get("end"));
        var samples = new ArrayList<String>();
        for (var at = new BigDecimal(parameters.get("start")); at.compareTo(end) <= 0; at = at.add(step)) {
            samples.add(sample(parameters, at));
        }
        return result("matrix", "\"values\":[" + String.join(",", samples) + "]");
    }

    private static String result(String type, String values) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":[{\"metric\":{},%s}]}}"
                .formatted(type, values);
    }

    private String sample(Map<String, String> parameters, BigDecimal at) {
        return "[%s,\"%s\"]".formatted(at.toPlainString(), value(parameters.getOrDefault("query", ""), at));
    }

    private double value(String query, BigDecimal at) {
        if (query.startsWith("count(")) {
            return 2;
        }
        if (query.startsWith("histogram_quantile")) {
            return 0.02;
        }
        if (query.contains("class=\"5xx\"")) {
            return query.contains("arm=\"candidate\"") && isFailing(query, at) ? 0.5 : 0;
        }
        if (query.contains("decision=\"throttle\"") || query.contains("result=~")) {
            return 0;
        }
        return query.contains("sluice_busiest_identity_ratio") ? 0.1 : 100;
    }

    private boolean isFailing(String query, BigDecimal at) {
        var then = Instant.ofEpochMilli(at.movePointRight(3).longValue());
        return failing.entrySet().stream()
                .anyMatch(entry -> query.contains(entry.getKey()) && !then.isBefore(entry.getValue()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
