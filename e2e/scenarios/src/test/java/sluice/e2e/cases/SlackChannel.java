package sluice.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands where Slack would be, on an address of the node, and keeps what it is told. */
final class SlackChannel implements AutoCloseable {

    /**
     * A message that says that something is wrong.
     *
     * @param title names the alerts, after whom they concern
     * @param text what each of them says, with the way into the runbook
     */
    record Told(String channel, String title, String text) {}

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final List<Told> told = new CopyOnWriteArrayList<>();

    SlackChannel() {
        try {
            server = HttpServer.create(new InetSocketAddress(TestCluster.OTHER_ADDRESS, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var message = JSON.readTree(exchange.getRequestBody());
            var attachment = message.path("attachments").path(0);
            if (!attachment.path("title").asText().startsWith("RESOLVED")) {
                told.add(told(message, attachment));
            }
            var answer = "ok".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static Told told(JsonNode message, JsonNode attachment) {
        return new Told(
                message.path("channel").asText(),
                attachment.path("title").asText(),
                attachment.path("text").asText());
    }

    URI url() {
        return URI.create("http://%s:%d/"
                .formatted(TestCluster.OTHER_ADDRESS, server.getAddress().getPort()));
    }

    /** The messages that have this alert. */
    List<Told> about(String alert) {
        return told.stream()
                .filter(each -> each.title().matches(".*\\b" + alert + "\\b.*"))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
