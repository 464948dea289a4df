package sluice.limiter.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The operator's end of the stream, on TLS in this process: says what a test tells it to, and keeps what it hears. */
final class FakeOperator implements AutoCloseable {

    private record Request(String line, Map<String, String> headers, String body) {}

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<Socket> streams = new CopyOnWriteArrayList<>();
    private final List<String> acks = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private volatile int streamStatus = 200;
    private volatile String greeting = "";

    FakeOperator(TestCertificate certificate) {
        this(certificate, InetAddress.getLoopbackAddress(), 0);
    }

    FakeOperator(TestCertificate certificate, InetAddress address, int port) {
        try {
            server = certificate.serverContext().getServerSocketFactory().createServerSocket(port, 50, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                var connection = server.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            var first = read(in);
            if (first != null && isAnsweredByStream(first, connection)) {
                for (var behind = read(in); behind != null; behind = read(in)) {
                    acks.add(behind.line().startsWith("POST /v1/ack ") ? behind.body() : behind.line());
                }
            }
        } catch (IOException e) {
            // The sidecar did not trust it, or has gone.
        } finally {
            streams.remove(connection);
        }
    }

    private static @Nullable Request read(BufferedReader in) throws IOException {
        var line = in.readLine();
        if (line == null) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (var header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            var colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        // What is sent here is ASCII: a character is a byte.
        var body = new char[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
        for (int got = 0; got < body.length; ) {
            int more = in.read(body, got, body.length - got);
            if (more < 0) {
                return null;
            }
            got += more;
        }
        return new Request(line, headers, new String(body));
    }

    private boolean isAnsweredByStream(Request request, Socket connection) throws IOException {
        tokens.add(String.valueOf(request.headers().get("authorization")));
        var isUnderstood = request.line().equals("GET /v1/stream?versions=1 HTTP/1.1");
        var status = isUnderstood ? streamStatus : 400;
        if (status != 200) {
            write(connection, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
            return false;
        }
        write(
                connection,
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk(greeting));
        streams.add(connection);
        return true;
    }

    private static String chunk(String text) {
        var size = text.getBytes(StandardCharsets.UTF_8).length;
        return size == 0 ? "" : Integer.toHexString(size) + "\r\n" + text + "\r\n";
    }

    private static void write(Socket connection, String text) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Sends a line on every open stream. */
    void say(String line) {
        streams.removeIf(stream -> !isWritten(stream, chunk(line + "\n")));
    }

    private static boolean isWritten(Socket stream, String text) {
        try {
            write(stream, text);
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

    void dropStreams() {
        var open = List.copyOf(streams);
        streams.removeAll(open);
        open.forEach(FakeOperator::cut);
    }

    private static void cut(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // The sidecar was faster.
        }
    }

    int streams() {
        return streams.size();
    }

    /** The bodies of the acknowledgements; of anything else behind a stream the request's first line. */
    List<String> acks() {
        return acks;
    }

    List<String> tokens() {
        return tokens;
    }

    int port() {
        return server.getLocalPort();
    }

    URI url() {
        return URI.create("https://localhost:" + port());
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(FakeOperator::cut);
        threads.shutdownNow();
    }
}
