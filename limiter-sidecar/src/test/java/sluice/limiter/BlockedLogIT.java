package sluice.limiter;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar as a process whose stdout is a pipe that nobody reads: what cannot be written is dropped and counted, and nobody waits. */
class BlockedLogIT {

    /** More than the pipe and the queue before it can hold. */
    private static final int REQUESTS = 12_000;

    private static final String REQUEST = "GET /%0d%0a%1b%5b31m HTTP/1.1\r\nHost: app\r\n\r\n";
    private static final Pattern DROPPED = Pattern.compile("(?m)^sluice_log_dropped_total(?:\\{[^}]*})? (\\S+)$");

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @TempDir
    private Path folder;

    private HttpServer app;
    private SidecarProcess sidecar;

    @BeforeEach
    void start() throws IOException {
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        app.start();
        sidecar = SidecarProcess.start(folder, app.getAddress());
    }

    @AfterEach
    void stop() {
        sidecar.close();
        app.stop(0);
    }

    private double dropped() throws IOException {
        var sample = DROPPED.matcher(sidecar.metrics());
        assertThat(sample.find()).isTrue();
        return Double.parseDouble(sample.group(1));
    }

    /** Answered one after the other on one connection; a request that waited for the log would never be. */
    private void sendAll() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), sidecar.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            var in = new BufferedInputStream(socket.getInputStream());
            for (var request = 0; request < REQUESTS; request++) {
                socket.getOutputStream().write(REQUEST.getBytes(US_ASCII));
                assertThat(readHead(in)).startsWith("HTTP/1.1 204");
            }
        }
    }

    private static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            var next = in.read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    @Test
    void dropsLinesAndServesOn() throws Exception {
        sendAll();
        assertThat(dropped()).isPositive().isLessThan(REQUESTS);

        var lines = new ArrayList<String>();
        var reader = Thread.ofVirtual().start(() -> sidecar.stdout().lines().forEach(lines::add));
        // Not Process.destroy, which would close the pipe as well.
        sidecar.process().toHandle().destroy();
        assertThat(sidecar.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(30)).until(() -> !reader.isAlive());
        assertThat(requests(lines)).isPositive().isLessThan(REQUESTS);
    }

    /** How many of the lines are about requests; each must be whole, though the pipe was full between any two bytes. */
    private static long requests(List<String> lines) throws IOException {
        var requests = 0L;
        for (var line : lines) {
            assertThat(line).matches("[\\x20-\\x7e]+");
            if (STRICT.readTree(line).path("type").textValue().equals("REQUEST_LOG")) {
                requests++;
            }
        }
        return requests;
    }
}
