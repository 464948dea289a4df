package sluice.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening port that answers JSON, a virtual thread a request. */
final class HttpEndpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY = 64 * 1024;

    private final HttpServer server;
    private final BiFunction<Request, String, Answer> answers;
    private final AtomicBoolean draining = new AtomicBoolean();

    /** @param answers from a request and its arm, empty when no sidecar named one */
    HttpEndpoint(int port, BiFunction<Request, String, Answer> answers) throws IOException {
        this.answers = answers;
        this.server = HttpServer.create(new InetSocketAddress(port), 1024);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Keeps serving, but asks every client to come back on a new connection, which will reach somebody else. */
    void drain() {
        draining.set(true);
    }

    /** Takes no new connection and waits up to five seconds for the requests in hand. */
    @Override
    public void close() {
        server.stop(5);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            if (body.length > MAX_BODY) {
                write(exchange, Answer.error(413, "the body is over 64 KiB"));
                return;
            }
            write(exchange, answer(exchange, body));
        }
    }

    private Answer answer(HttpExchange exchange, byte[] body) {
        var headers = exchange.getRequestHeaders();
        String arm = headers.getFirst("X-Sluice-Arm");
        var request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                headers.getFirst("Authorization"),
                parse(body));
        try {
            return answers.apply(request, arm == null ? "" : arm);
        } catch (RuntimeException e) {
            log.error("could not answer {} {}", request.method(), request.path(), e);
            return Answer.error(500, "an error of the application");
        }
    }

    private void write(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = JSON.writeValueAsBytes(answer.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        if (draining.get()) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static @Nullable JsonNode parse(byte[] body) {
        try {
            return body.length == 0 ? null : JSON.readTree(new String(body, UTF_8));
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
