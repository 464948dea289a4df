package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.Robustness;
import sluice.limiter.judge.Outcome;

/** Many clients, each of which keeps no more memory than it may: together they would keep more than there is. */
@Robustness("HTTP at the sidecar")
@SuppressWarnings("FutureReturnValueIgnored") // What the proxy does is what the tests look at.
class CrowdsTest {

    private static final int CROWD = 60;
    private static final long MEMORY = 1 << 20;

    /** Of a client that is new, no more than 2 KiB are read at a time. */
    private static final long FEW_READS = 1 << 15;

    private static final String GET = "GET /large HTTP/1.1\r\nHost: app\r\n\r\n";
    private static final int LARGE = 16 << 20;

    private final List<Closeable> crowd = new ArrayList<>();

    @AfterEach
    void leave() throws IOException {
        for (var each : crowd) {
            each.close();
        }
    }

    /** A client for which the kernel keeps next to nothing. */
    private Socket joins(ProxyHarness proxy, String says) throws IOException {
        var socket = proxy.connect(1);
        crowd.add(socket);
        socket.getOutputStream().write(says.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static void someAreEnded(ProxyHarness proxy) {
        await().untilAsserted(
                        () -> assertThat(proxy.metrics()).containsPattern("sluice_clients_ended_total\\S* [1-9]"));
    }

    private static void othersAreServed(ProxyHarness proxy) throws IOException {
        try (var other = proxy.client()) {
            assertThat(other.get("/").status()).isEqualTo(200);
        }
    }

    /** A large answer to whoever asks for one. */
    private static void answersAtLength(FakeApp.Connection connection) throws IOException {
        for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            var length = head.startsWith("GET /large") ? LARGE : 0;
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            connection.out().write(new byte[length]);
        }
    }

    @Test
    void takeNothingOfLargeAnswers() throws IOException {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            proxy.app().playing(CrowdsTest::answersAtLength);
            for (var i = 0; i < CROWD; i++) {
                joins(proxy, GET);
            }
            someAreEnded(proxy);
            othersAreServed(proxy);
        }
    }

    @Test
    void ofOneThatTakesItsAnswerEachHasItWhole() throws IOException {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            proxy.app().playing(CrowdsTest::answersAtLength);
            for (var i = 0; i < 3; i++) {
                try (var client = proxy.client()) {
                    assertThat(client.send(GET).read().body()).hasSize(LARGE);
                }
            }
            assertThat(proxy.metrics()).containsPattern("sluice_clients_ended_total\\S* 0");
        }
    }

    @Test
    void sendLargeBodiesThatTheAppDoesNotTake() throws IOException {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            proxy.app().playing(connection -> {
                if (connection.readHead().startsWith("POST /large")) {
                    neverReads();
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });
            for (var i = 0; i < CROWD; i++) {
                var client = joins(proxy, "POST /large HTTP/1.1\r\nHost: app\r\nContent-Length: 1000000000\r\n\r\n");
                Thread.ofVirtual().start(() -> sendWithoutEnd(client));
            }
            someAreEnded(proxy);
            othersAreServed(proxy);
        }
    }

    private static void neverReads() {
        try {
            Thread.sleep(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sendWithoutEnd(Socket client) {
        try {
            while (true) {
                client.getOutputStream().write(new byte[1 << 16]);
            }
        } catch (IOException ended) {
            // By the proxy, or by the end of the test.
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 100000\r\n\r\nbody",
                GET
            })
    void sendMoreThanIsJudgedYet(String request) throws IOException {
        try (var proxy = ProxyHarness.withMemory(FEW_READS)) {
            proxy.judge().judgeAfter(Duration.ofMinutes(1));
            for (var i = 0; i < CROWD; i++) {
                joins(proxy, request.repeat(100));
            }
            someAreEnded(proxy);
        }
    }

    @Test
    void sendHeadsWithoutEnd() throws IOException {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            var half = "GET / HTTP/1.1\r\nHost: app\r\n" + ("X-A: " + "a".repeat(4_000) + "\r\n").repeat(7);
            for (var i = 0; i < CROWD; i++) {
                joins(proxy, half);
            }
            someAreEnded(proxy);
            othersAreServed(proxy);
        }
    }

    @Test
    void waitForTheAppWithLargeHeads() throws IOException {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            proxy.app().playing(connection -> {
                if (connection.readHead().startsWith("GET /slow")) {
                    connection.readHead();
                } else {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
            });
            var slow =
                    "GET /slow HTTP/1.1\r\nHost: app\r\n" + ("X-A: " + "a".repeat(4_000) + "\r\n").repeat(7) + "\r\n";
            for (var i = 0; i < CROWD; i++) {
                joins(proxy, slow);
            }
            someAreEnded(proxy);
            othersAreServed(proxy);
        }
    }

    @Test
    void takeNothingOfWhatAWebSocketSays() throws IOException {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            proxy.app().playing(connection -> {
                if (connection.readHead().startsWith("GET /chat")) {
                    connection.send(TunnelTest.SWITCH);
                    connection.out().write(new byte[LARGE]);
                } else {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
            });
            for (var i = 0; i < CROWD; i++) {
                joins(proxy, TunnelTest.UPGRADE);
            }
            someAreEnded(proxy);
            othersAreServed(proxy);
        }
    }

    @Test
    void takeNothingOfManyStreams() throws Exception {
        var body = "x".repeat(1 << 16);
        var app = new FakeHttp2App().playing((stream, frame) -> FakeHttp2App.answer(stream, "200", body));
        try (app;
                var proxy = ProxyHarness.withMemory(MEMORY, app.address())) {
            for (var i = 0; i < 4; i++) {
                takesNothing(streams(proxy));
            }
            someAreEnded(proxy);
            try (var other = RawHttp2.connect(proxy.server().port())) {
                assertThat(other.get(1, "/").awaitStatusOrReset()).isEqualTo(200);
            }
        }
    }

    @Test
    void sendBodiesThatNobodyTakesOnManyStreams() throws Exception {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            proxy.judge().judgeAfter(Duration.ofMinutes(1));
            for (var i = 0; i < 2; i++) {
                var client = streams(proxy);
                for (var stream = 0; stream < 15; stream++) {
                    client.request(2 * stream + 1, false, "POST", "/");
                    for (var sent = 0; sent < 60_000; sent += 15_000) {
                        client.data(2 * stream + 1, false, "x".repeat(15_000));
                    }
                }
            }
            someAreEnded(proxy);
        }
    }

    @Test
    void sendLargeHeadsOnManyStreams() throws Exception {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            proxy.judge().judgeAfter(Duration.ofMinutes(1));
            var client = streams(proxy);
            for (var stream = 0; stream < Http2Codecs.MAX_STREAMS; stream++) {
                client.request(2 * stream + 1, true, "GET", "/", "x-a", "a".repeat(8_000), "x-b", "b".repeat(7_000));
            }
            someAreEnded(proxy);
        }
    }

    /** Each of them costs more than the byte that it carries. */
    @Test
    void sendBodiesByteByByteThatNobodyTakes() throws Exception {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            proxy.judge().judgeAfter(Duration.ofMinutes(1));
            var client = streams(proxy);
            client.request(1, false, "POST", "/");
            var frames = new ByteArrayOutputStream();
            for (var i = 0; i < 10_000; i++) {
                frames.writeBytes(RawHttp2.bytes(RawHttp2.DATA, 0, 1, (byte) 'x'));
            }
            try {
                client.raw(frames.toByteArray());
            } catch (SocketException ended) {
                // By the proxy, before it had sent all.
            }
            someAreEnded(proxy);
        }
    }

    @Test
    void takeNothingOfAnswersThatTheAppSendsByteByByte() throws Exception {
        var app = new FakeHttp2App().playing((stream, frame) -> {
            FakeHttp2App.head(stream, "200", false);
            for (var i = 0; i < 10_000; i++) {
                // In turns of their own, or Netty would make one frame of them.
                stream.eventLoop()
                        .execute(() -> stream.writeAndFlush(new DefaultHttp2DataFrame(
                                stream.alloc().buffer(1).writeByte('x'))));
            }
        });
        try (app;
                var proxy = ProxyHarness.withMemory(MEMORY, app.address())) {
            var client = streams(proxy);
            client.frame(RawHttp2.SETTINGS, 0, 0, RawHttp2.NO_WINDOW);
            client.get(1, "/");
            someAreEnded(proxy);
        }
    }

    @Test
    void doNothingOverHttp2() throws Exception {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            for (var i = 0; i < CROWD; i++) {
                streams(proxy);
            }
            someAreEnded(proxy);
            othersAreServed(proxy);
        }
    }

    /** So that it knows which of its requests have not been seen. */
    @Test
    void isToldSoWhenItRestsOverHttp2() throws Exception {
        try (var proxy = ProxyHarness.withMemory(1)) {
            assertThat(streams(proxy).awaitFarewell()).hasValue(RawHttp2.NO_ERROR);
        }
    }

    /** A stream that waits for its client costs memory even if there is next to nothing in it. */
    @Test
    void leaveSmallAnswersInManyStreams() throws Exception {
        try (var proxy = ProxyHarness.withMemory(MEMORY)) {
            for (var i = 0; i < 5; i++) {
                var client = streams(proxy);
                client.frame(RawHttp2.SETTINGS, 0, 0, RawHttp2.NO_WINDOW);
                for (var stream = 0; stream < Http2Codecs.MAX_STREAMS; stream++) {
                    client.request(2 * stream + 1, true, "get", "/");
                }
            }
            someAreEnded(proxy);
        }
    }

    /** Requests are answered here, and the client reads no answer. */
    @Test
    void takeNothingOfManySmallAnswers() throws Exception {
        try (var proxy = ProxyHarness.withMemory(Long.MAX_VALUE)) {
            proxy.judge().says(new Outcome.Block());
            var client = joins(proxy, "");
            Thread.ofVirtual().start(() -> askWithoutEnd(client));
            await().untilAsserted(() -> assertThat(proxy.judge().asked()).hasSizeGreaterThan(200));
            await().until(() -> {
                var before = proxy.judge().asked().size();
                Thread.sleep(300);
                return proxy.judge().asked().size() == before;
            });
        }
    }

    private static void askWithoutEnd(Socket client) {
        try {
            while (true) {
                client.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: app\r\n\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException ended) {
            // With the test.
        }
    }

    private static void takesNothing(RawHttp2 client) throws IOException {
        client.frame(RawHttp2.SETTINGS, 0, 0, RawHttp2.NO_WINDOW);
        for (var stream = 0; stream < Http2Codecs.MAX_STREAMS; stream++) {
            client.get(2 * stream + 1, "/large");
        }
    }

    private RawHttp2 streams(ProxyHarness proxy) throws IOException {
        var client = RawHttp2.connect(proxy.server().port());
        crowd.add(client);
        return client;
    }
}
