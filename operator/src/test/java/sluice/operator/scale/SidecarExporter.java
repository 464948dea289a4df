package sluice.operator.scale;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Publishes what the sidecars of services would, healthy until told otherwise: a page per namespace, with the labels that a scrape would attach. */
final class SidecarExporter implements AutoCloseable {

    private static final double REQUESTS_PER_SECOND = 50;
    private static final double CANDIDATE = 0.1;
    private static final double FASTEST_BUCKET = 0.05;
    /** The sidecar's own bounds, in seconds. */
    private static final List<String> BOUNDS = List.of(
            "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.12", "0.15", "0.2", "0.25", "0.3", "0.4", "0.5",
            "0.75", "1.0", "2.5", "5.0", "10.0", "30.0", "+Inf");

    /** A counter that grows evenly, or not at all. */
    private record Series(String text, double perSecond) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Queue<Series>> pages = new ConcurrentHashMap<>();
    private final Map<String, Double> failing = new ConcurrentHashMap<>();
    private final long started = System.nanoTime();

    SidecarExporter() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                var page = page(exchange.getRequestURI().getPath().substring(1)).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        server.start();
    }

    /** Adds a pod's sidecar. */
    void add(String namespace, String rollout, String pod, String candidate) {
        var page = pages.computeIfAbsent(namespace, _ -> new ConcurrentLinkedQueue<>());
        var labels = "namespace=\"%s\",pod=\"%s\",rollout=\"%s\"".formatted(namespace, pod, rollout);
        arm(page, labels + ",arm=\"stable\",revision=\"off\"", REQUESTS_PER_SECOND * (1 - CANDIDATE));
        arm(page, labels + ",arm=\"candidate\",revision=\"" + candidate + "\"", REQUESTS_PER_SECOND * CANDIDATE);
        page.add(new Series("sluice_busiest_identity_ratio{" + labels + "}", 0));
    }

    private static void arm(Queue<Series> page, String labels, double perSecond) {
        for (var decision : List.of("allow", "throttle", "block", "maintenance")) {
            for (var backend : List.of("redis", "memory")) {
                var all = decision.equals("allow") && backend.equals("memory");
                page.add(new Series(
                        "sluice_decisions_total{%s,decision=\"%s\",backend=\"%s\"}"
                                .formatted(labels, decision, backend),
                        all ? perSecond : 0));
            }
        }
        for (var status : List.of("2xx", "3xx", "4xx", "5xx")) {
            page.add(new Series(
                    "sluice_app_responses_total{%s,class=\"%s\"}".formatted(labels, status),
                    status.equals("2xx") || status.equals("5xx") ? perSecond : 0));
        }
        for (var result : List.of("ok", "missing", "invalid", "expired", "none")) {
            page.add(new Series(
                    "sluice_auth_total{%s,result=\"%s\"}".formatted(labels, result),
                    result.equals("ok") ? perSecond : 0));
        }
        for (var bound : BOUNDS) {
            var reached = bound.equals("+Inf") || Double.parseDouble(bound) >= FASTEST_BUCKET;
            page.add(new Series(
                    "sluice_app_latency_seconds_bucket{%s,le=\"%s\"}".formatted(labels, bound),
                    reached ? perSecond : 0));
        }
        page.add(new Series("sluice_app_latency_seconds_count{" + labels + "}", perSecond));
    }

    /** As many answers again are errors in a rollout's candidate arm from now on. */
    void fail(String namespace, String rollout) {
        failing.put("namespace=\"%s\",pod=\"%s-".formatted(namespace, rollout), seconds());
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    private String page(String namespace) {
        var seconds = seconds();
        return Stream.ofNullable(pages.get(namespace))
                .flatMap(Queue::stream)
                .map(series -> series.text() + " " + value(series, seconds) + "\n")
                .collect(Collectors.joining());
    }

    private double value(Series series, double seconds) {
        if (!series.text().contains("class=\"5xx\"")) {
            return series.perSecond() * seconds;
        }
        return failing.entrySet().stream()
                .filter(entry ->
                        series.text().contains(entry.getKey()) && series.text().contains("arm=\"candidate\""))
                .mapToDouble(entry -> series.perSecond() * (seconds - entry.getValue()))
                .sum();
    }

    /** Lets a Prometheus scrape the pages of these namespaces. */
    String prometheusConfiguration(List<String> namespaces, int scrapeSeconds) {
        var address = "127.0.0.1:" + server.getAddress().getPort();
        var targets = namespaces.stream()
                .map(page -> "  - {targets: ['%s'], labels: {__metrics_path__: /%s, page: %s}}%n"
                        .formatted(address, page, page))
                .collect(Collectors.joining());
        return """
                global: {scrape_interval: %1$ds, scrape_timeout: %1$ds}
                scrape_configs:
                - job_name: sidecars
                  honor_labels: true
                  static_configs:
                """.formatted(scrapeSeconds) + targets;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
