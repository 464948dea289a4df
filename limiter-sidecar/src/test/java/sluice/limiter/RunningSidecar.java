package sluice.limiter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A whole sidecar in this process, in front of an app that answers 200 and an empty body; paths that name a status get that. */
final class RunningSidecar implements AutoCloseable {

    private static final String DOCUMENT = """
            {"version": 1, "rollout": {"namespace": "apps", "name": "scholarship-api", "uid": "6f0c"}, "epoch": 7, "weight": 0,
             "stable": {"revision": "3f9a0c12de", "backend": "Memory",
                        "limits": [{"name": "api", "tokens": 3, "periodMillis": 3600000, "burst": 3}],
                        "identity": IDENTITY},
             "replicas": 1}
            """;

    private final HttpServer app;
    private final Sidecar sidecar;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Three requests an hour for each caller by {@code identity}; Secrets are in {@code folder}. */
    RunningSidecar(Path folder, String identity) throws IOException {
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status(exchange.getRequestURI().getPath()), -1);
            exchange.close();
        });
        app.start();
        var config = Files.writeString(folder.resolve("limiter.json"), DOCUMENT.replace("IDENTITY", identity));
        sidecar = Sidecar.start(SidecarSettings.from(Map.of(
                "SLUICE_CONFIG",
                config.toString(),
                "SLUICE_PORT",
                "0",
                "SLUICE_ADMIN_PORT",
                "0",
                "SLUICE_UPSTREAM",
                "127.0.0.1:" + app.getAddress().getPort(),
                "SLUICE_SECRETS",
                folder.toString())));
    }

    private static int status(String path) {
        return path.matches("/[2-5]\\d\\d") ? Integer.parseInt(path.substring(1)) : 200;
    }

    /** Sends a request with these header lines, byte for byte, and returns the status of the answer, 0 for none. */
    int get(String... headers) throws IOException {
        return send("GET / HTTP/1.1", headers);
    }

    int send(String requestLine, String... headers) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), sidecar.port())) {
            socket.setSoTimeout(20_000);
            var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            var request = requestLine + "\r\nHost: app\r\nConnection: close\r\n" + lines + "\r\n";
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            var answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            return answer.isEmpty() ? 0 : Integer.parseInt(answer.substring(9, 12));
        }
    }

    /** What a scrape with this {@code Accept} gets. */
    String metrics(String accept) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.adminPort() + "/metrics"))
                .header("Accept", accept)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        sidecar.close();
        client.shutdownNow();
        app.stop(0);
    }
}
