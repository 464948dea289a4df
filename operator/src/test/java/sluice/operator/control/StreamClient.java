package sluice.operator.control;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A sidecar as the server sees it. */
public final class StreamClient implements AutoCloseable {

    private final HttpClient http;
    private final URI server;
    private final String token;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    public StreamClient(TestCertificate certificate, int port, String token) {
        this.http = HttpClient.newBuilder()
                .sslContext(certificate.client())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(30))
                .build();
        this.server = URI.create("https://localhost:" + port);
        this.token = token;
    }

    /** Opens the stream and reads it on; the answer's status. */
    int open(String query) {
        HttpResponse<Stream<String>> response =
                send(request("/v1/stream" + query).GET().build(), BodyHandlers.ofLines());
        if (response.statusCode() == 200) {
            Thread.ofVirtual().start(() -> read(response.body()));
        }
        return response.statusCode();
    }

    public int open() {
        return open("?versions=1");
    }

    private void read(Stream<String> body) {
        try (body) {
            body.forEach(lines::add);
        } catch (RuntimeException closed) {
            // A stream that is cut ends like one that is finished.
        } finally {
            ended = true;
        }
    }

    int ack(String body) {
        return send(request("/v1/ack").POST(BodyPublishers.ofString(body)).build(), BodyHandlers.discarding())
                .statusCode();
    }

    List<String> configs() {
        return lines.stream().filter(line -> line.contains("\"config\"")).toList();
    }

    List<String> heartbeats() {
        return lines.stream().filter(line -> line.contains("\"heartbeat\"")).toList();
    }

    boolean ended() {
        return ended;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
