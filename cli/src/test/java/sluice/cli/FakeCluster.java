package sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** The one part of an API server that has a RateLimitRollout called apps/api, and somebody who reads its annotation. */
final class FakeCluster implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/apis/sluice.dev/v1alpha1/namespaces/apps/ratelimitrollouts/api";

    final List<String> commands = new ArrayList<>();
    /** The path of each request, with what is after it. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final Path kubeconfig;
    private ObjectNode rollout;
    private UnaryOperator<ObjectNode> operator = UnaryOperator.identity();
    private Optional<Refusal> refusal = Optional.empty();

    private final Map<String, String> others = new ConcurrentHashMap<>();

    private record Refusal(int code, String message) {}

    FakeCluster(Path folder, String resource) throws IOException {
        rollout = (ObjectNode) new YAMLMapper().readTree(resource);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: here, cluster: {server: 'http://127.0.0.1:%d'}}]
                users: [{name: me, user: {token: t}}]
                contexts: [{name: ours, context: {cluster: here, user: me, namespace: apps}}]
                current-context: ours
                """.formatted(server.getAddress().getPort()));
    }

    String kubeconfig() {
        return kubeconfig.toString();
    }

    /** Has the resource changed by an operator after each command. */
    FakeCluster answering(String outcome, String message) {
        operator = seen -> {
            var command =
                    seen.at("/metadata/annotations").path("sluice.dev/command").asText();
            ((ObjectNode) seen.path("status"))
                    .putObject("lastCommand")
                    .put("text", command)
                    .put("outcome", outcome)
                    .put("message", message)
                    .put("at", "2026-01-01T00:00:00.000Z");
            return seen;
        };
        return this;
    }

    /** Has somebody else write a command of their own after each. */
    FakeCluster overtaking(String command) {
        operator = seen -> {
            ((ObjectNode) seen.at("/metadata/annotations")).put("sluice.dev/command", command);
            return seen;
        };
        return this;
    }

    /** Has something else, too. */
    FakeCluster serving(String path, String body) {
        others.put(path, body);
        return this;
    }

    FakeCluster refusing(int code, String message) {
        refusal = Optional.of(new Refusal(code, message));
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            asked.add(exchange.getRequestURI().toString());
            if (refusal.isPresent()) {
                status(exchange, refusal.get().code(), refusal.get().message());
            } else if (others.containsKey(exchange.getRequestURI().getPath())) {
                send(exchange, 200, others.get(exchange.getRequestURI().getPath()));
            } else if (!exchange.getRequestURI().getPath().equals(PATH)) {
                status(exchange, 404, "not found");
            } else {
                if (exchange.getRequestMethod().equals("PATCH")) {
                    patch(JSON.readTree(body));
                }
                send(exchange, 200, rollout.toString());
            }
        }
    }

    private void patch(JsonNode patch) {
        var text = patch.at("/metadata/annotations").path("sluice.dev/command").asText();
        commands.add(text);
        ((ObjectNode) rollout.path("metadata")).putObject("annotations").put("sluice.dev/command", text);
        rollout = operator.apply(rollout);
    }

    private static void status(HttpExchange exchange, int code, String message) throws IOException {
        send(
                exchange,
                code,
                JSON.createObjectNode()
                        .put("kind", "Status")
                        .put("apiVersion", "v1")
                        .put("status", "Failure")
                        .put("code", code)
                        .put("message", message)
                        .toString());
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
