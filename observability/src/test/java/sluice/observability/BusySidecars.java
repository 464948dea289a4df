package sluice.observability;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import sluice.limiter.Sidecar;
import sluice.limiter.SidecarSettings;

/** Two sidecars in this process with a Redis, in front of an app that answers as it is told, and callers of every kind. */
final class BusySidecars implements AutoCloseable {

    private static final int REDIS = ServerProcess.freePort();
    private static final String LIMITER = """
            "limits": [{"name": "login", "match": {"path": "/login"}, "tokens": 600, "periodMillis": 60000, "burst": 600},
                       {"name": "signup", "match": {"path": "/signup"}, "tokens": 600, "periodMillis": 60000, "burst": 600},
                       {"name": "api", "match": {"pathPrefix": "/api"}, "tokens": 30, "periodMillis": 60000, "burst": 3}],
            "identity": {"userHeader": "X-User-Id", "trustedProxies": ["127.0.0.0/8"]},
            "waf": {"decisionHeader": "X-WAF-Decision", "ruleHeader": "X-WAF-Rule"}
            """;
    private static final String DOCUMENT = """
            {"version": 1, "rollout": {"namespace": "apps", "name": "scholarship-api", "uid": "6f0c"}, "epoch": 7, "weight": 50,
             "stable": {"revision": "1111111111", "backend": "Memory", LIMITER},
             "candidate": {"revision": "3f9a0c12de", "backend": "Redis", "redis": {"secret": "redis", "timeoutMillis": 1000}, LIMITER},
             "armIdentity": {"userHeader": "X-User-Id", "trustedProxies": ["127.0.0.0/8"]},
             "replicas": 2}
            """.replace("LIMITER", LIMITER.strip());
    /** Path, answer of the app, and what else the caller sends. */
    private static final List<List<String>> CALLS = List.of(
            List.of("/api/courses", "200", "Authorization", "Bearer some"),
            List.of("/api/me", "401", "Authorization", "Bearer wrong"),
            List.of("/api/me", "401"),
            List.of("/report", "500", "Authorization", "Bearer some"),
            List.of("/login", "200"),
            List.of("/login", "401"),
            List.of("/signup", "201"),
            List.of("/api/me", "200", "X-WAF-Decision", "block", "X-WAF-Rule", "942100"));

    private static final int USERS = 6;

    private final ServerProcess redis;
    private final HttpServer app;
    private final List<Sidecar> sidecars;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService callers = Executors.newSingleThreadScheduledExecutor();

    /** Starts everything; callers come until it is closed. */
    BusySidecars(Path folder) throws IOException {
        redis = ServerProcess.start(
                folder,
                List.of(
                        "redis-server",
                        "--port",
                        "" + REDIS,
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        "" + folder));
        Files.createDirectories(folder.resolve("redis"));
        Files.writeString(folder.resolve("redis").resolve("REDIS_URL"), "redis://127.0.0.1:" + REDIS);
        var config = Files.writeString(folder.resolve("limiter.json"), DOCUMENT);
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            exchange.sendResponseHeaders(
                    Integer.parseInt(exchange.getRequestHeaders().getFirst("X-Answer")), -1);
            exchange.close();
        });
        app.start();
        sidecars = Stream.generate(() -> Sidecar.start(SidecarSettings.from(Map.of(
                        "SLUICE_CONFIG",
                        config.toString(),
                        "SLUICE_PORT",
                        "0",
                        "SLUICE_ADMIN_PORT",
                        "0",
                        "SLUICE_UPSTREAM",
                        "127.0.0.1:" + app.getAddress().getPort(),
                        "SLUICE_SECRETS",
                        folder.toString()))))
                .limit(2)
                .toList();
        var _ = callers.scheduleWithFixedDelay(this::callAll, 0, 500, TimeUnit.MILLISECONDS);
    }

    /** As a PodMonitor would have them scraped. */
    String scrapeConfig() {
        var targets = new StringBuilder("- job_name: sidecars\n  static_configs:\n");
        for (var i = 0; i < sidecars.size(); i++) {
            targets.append("  - {targets: ['127.0.0.1:%d'], labels: {namespace: apps, pod: scholarship-api-%d}}\n"
                    .formatted(sidecars.get(i).adminPort(), i));
        }
        return targets.toString();
    }

    private void callAll() {
        for (var i = 0; i < CALLS.size() * 2; i++) {
            call(sidecars.get(i % 2).port(), "user-" + i % USERS, CALLS.get(i / 2));
        }
    }

    private void call(int port, String user, List<String> call) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + call.getFirst()))
                .header("X-User-Id", user)
                .header("X-Answer", call.get(1));
        for (var i = 2; i < call.size(); i += 2) {
            request.header(call.get(i), call.get(i + 1));
        }
        try {
            client.send(request.build(), HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            // It is being closed; what the sidecars have not counted, nobody waits for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        callers.shutdownNow();
        client.shutdownNow();
        sidecars.forEach(Sidecar::close);
        app.stop(0);
        redis.close();
    }
}
