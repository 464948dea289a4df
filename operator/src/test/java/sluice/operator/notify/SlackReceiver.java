package sluice.operator.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that answers as Slack does, or as Slack must not. */
public final class SlackReceiver implements AutoCloseable {

    /** What Slack says of a bot's message that it has taken. */
    public static final Reply TAKEN = new Reply(200, "{\"ok\":true,\"ts\":\"1503435956.000247\"}", Map.of());

    /** An answer. */
    public record Reply(int status, String body, Map<String, String> headers) {

        public static Reply of(int status, String body) {
            return new Reply(status, body, Map.of());
        }
    }

    /**
     * A message as it came.
     *
     * @param authorization empty when there was none
     */
    public record Message(String authorization, JsonNode body) {

        public String text() {
            return body.path("text").asText();
        }
    }

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Message> asked = new CopyOnWriteArrayList<>();
    private final List<Message> taken = new CopyOnWriteArrayList<>();
    private volatile Reply reply = TAKEN;
    private volatile boolean silent;

    public SlackReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            var message =
                    new Message(authorization == null ? "" : authorization, JSON.readTree(exchange.getRequestBody()));
            asked.add(message);
            if (silent) {
                closed.await();
                return;
            }
            var now = reply;
            // Before the answer: who has read that may ask at once what was taken.
            if (now.equals(TAKEN)) {
                taken.add(message);
            }
            now.headers().forEach(exchange.getResponseHeaders()::set);
            var body = now.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(now.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on. */
    public void answers(Reply next) {
        silent = false;
        reply = next;
    }

    /** From now on requests are read and never answered. */
    public void saysNothing() {
        silent = true;
    }

    /** Every message that came, whatever was answered. */
    public List<Message> asked() {
        return List.copyOf(asked);
    }

    /** The texts of those that are in the channel. */
    public List<String> texts() {
        return taken.stream().map(Message::text).toList();
    }

    /** Where a bot's messages go. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/chat.postMessage");
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
