package sluice.limiter.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The operator's end of the stream, on TLS in this process: says what a test tells it to, and keeps what it hears. */
final class FakeOperator implements AutoCloseable {

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<OutputStream> streams = new CopyOnWriteArrayList<>();
    private final List<String> acks = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private volatile int streamStatus = 200;
    private volatile int ackStatus = 204;
    private volatile String greeting = "";

    FakeOperator(TestCertificate certificate) {
        this(certificate, InetAddress.getLoopbackAddress(), 0);
    }

    FakeOperator(TestCertificate certificate, InetAddress address, int port) {
        try {
            server = HttpsServer.create(new InetSocketAddress(address, port), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        server.setExecutor(threads);
        server.createContext("/v1/stream", this::stream);
        server.createContext("/v1/ack", this::ack);
        server.start();
    }

    private void stream(HttpExchange exchange) throws IOException {
        tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        if (streamStatus != 200 || !"versions=1".equals(exchange.getRequestURI().getQuery())) {
            exchange.sendResponseHeaders(streamStatus == 200 ? 400 : streamStatus, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        var body = exchange.getResponseBody();
        body.write(greeting.getBytes(StandardCharsets.UTF_8));
        body.flush();
        streams.add(body);
    }

    private void ack(HttpExchange exchange) throws IOException {
        acks.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(ackStatus, -1);
        exchange.close();
    }

    /** Sends a line on every open stream. */
    void say(String line) {
        streams.removeIf(stream -> !isWritten(stream, line + "\n"));
    }

    private static boolean isWritten(OutputStream stream, String text) {
        try {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
            stream.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void heartbeat() {
        say("{\"type\":\"heartbeat\",\"at\":\"2026-01-01T00:00:00Z\",\"evaluatedAt\":\"2026-01-01T00:00:00Z\","
                + "\"leaseSeconds\":120}");
    }

    void config(String config) {
        say("{\"type\":\"config\",\"config\":" + config.replace("\n", " ") + "}");
    }

    /** What every new stream starts with. */
    void greetWith(String config) {
        greeting = "{\"type\":\"config\",\"config\":" + config.replace("\n", " ") + "}\n";
    }

    void answerStreamsWith(int status) {
        streamStatus = status;
    }

    void answerAcksWith(int status) {
        ackStatus = status;
    }

    void dropStreams() {
        var open = List.copyOf(streams);
        streams.clear();
        for (var stream : open) {
            try {
                stream.close();
            } catch (IOException e) {
                // The sidecar was faster.
            }
        }
    }

    int streams() {
        return streams.size();
    }

    List<String> acks() {
        return acks;
    }

    List<String> tokens() {
        return tokens;
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url() {
        return URI.create("https://localhost:" + port());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
