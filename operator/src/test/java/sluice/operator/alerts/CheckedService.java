package sluice.operator.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** The service that synthetic checks try: answers as the demo app does to nobody, a student and a provider, until a test breaks it. */
final class CheckedService implements AutoCloseable {

    static final String STUDENT = "student-of-this-test";
    static final String PROVIDER = "provider-of-this-test";

    /** An answer. */
    record Answer(int status, String body, Map<String, String> headers) {

        static Answer of(int status, String body) {
            return new Answer(status, body, Map.of());
        }
    }

    private static final Answer UNAUTHORIZED =
            new Answer(401, "{}", Map.of("WWW-Authenticate", "Bearer realm=\"api\""));

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> broken = new ConcurrentHashMap<>();

    private CheckedService(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** On every address, since a name may be of either family. */
    static CheckedService overTls(SSLContext ssl) throws IOException {
        var server = HttpsServer.create(new InetSocketAddress(0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ssl));
        return new CheckedService(server, "https");
    }

    static CheckedService inPlainText() throws IOException {
        return new CheckedService(HttpServer.create(new InetSocketAddress(0), 0), "http");
    }

    /** Where a path is, by the name {@code localhost} or another. */
    String url(String host, String path) {
        return scheme + "://" + host + ":" + server.getAddress().getPort() + path;
    }

    /** From now on a path is answered so, whoever asks. */
    void answers(String path, Answer answer) {
        broken.put(path, answer);
    }

    void isWell() {
        broken.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            var answer = broken.getOrDefault(path, usual(path, authorization == null ? "" : authorization));
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            var body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Answer usual(String path, String authorization) {
        return switch (path + " " + authorization) {
            case "/healthz " -> Answer.of(200, "{\"status\":\"ok\"}");
            case "/api/courses Bearer " + STUDENT -> Answer.of(200, "{\"courses\":[{\"id\":1}]}");
            case "/api/me Bearer " + PROVIDER -> Answer.of(200, "{\"name\":\"user-0010\",\"role\":\"provider\"}");
            default -> UNAUTHORIZED;
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
