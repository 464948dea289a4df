package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunnelTest {

    static final String UPGRADE = String.join(
            "\r\n",
            "GET /chat HTTP/1.1",
            "Host: app",
            "Connection: keep-alive, Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "\r\n");
    static final String SWITCH = String.join(
            "\r\n",
            "HTTP/1.1 101 Switching Protocols",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "\r\n");

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void appSwitches(String firstBytes) {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(SWITCH + firstBytes);
            for (var next = connection.in().read();
                    next >= 0;
                    next = connection.in().read()) {
                connection.out().write(next);
            }
        });
    }

    @Test
    void carriesAWebSocketBothWays() throws IOException {
        appSwitches("hello");
        try (var client = proxy.client()) {
            var answer = client.send(UPGRADE).readHead();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("Upgrade")).isEqualTo("websocket");
            assertThat(answer.header("Connection")).isEqualToIgnoringCase("upgrade");
            assertThat(read(client, 5)).isEqualTo("hello");
            assertThat(read(client.send("\u0081\0binary\r\n\r\n"), 12)).isEqualTo("\u0081\0binary\r\n\r\n");
        }
        assertThat(Wire.header("Upgrade", proxy.app().lastHead())).contains("websocket");
        assertThat(Wire.header("Sec-WebSocket-Key", proxy.app().lastHead())).isPresent();
    }

    private static String read(RawClient client, int length) throws IOException {
        return new String(client.in().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void closesOneEndWithTheOther() throws IOException {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(SWITCH + "bye");
        });
        try (var client = proxy.client()) {
            client.send(UPGRADE).readHead();
            assertThat(client.readToEnd()).isEqualTo("bye");
        }
    }

    /** The only place there is must not be held for ever by a client that takes nothing more. */
    @Test
    void endsWithTheAppForAClientThatDoesNotRead() throws IOException {
        var one = ProxyTuning.from(Map.of("SLUICE_MAX_CONNECTIONS", "1", "SLUICE_STALLED_TIMEOUT", "300ms"));
        try (var narrow = new ProxyHarness(one);
                var client = narrow.client()) {
            narrow.app().playing(connection -> {
                connection.readHead();
                connection.send(SWITCH);
                while (true) {
                    connection.out().write(new byte[1 << 16]);
                }
            });
            client.send(UPGRADE).readHead();
            // Long enough for the buffers on the way to be full.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            narrow.app().resetAll();
            narrow.app().playing(connection -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });
            try (var next = narrow.client()) {
                assertThat(next.get("/").status()).isEqualTo(200);
            }
        }
    }

    /** The app goes on, and yet the place is not held for ever. */
    @Test
    void endsForAClientThatTakesNothing() throws IOException, InterruptedException {
        var ended = new CountDownLatch(1);
        try (var impatient = new ProxyHarness(Timeouts.stalled(Duration.ofMillis(300)));
                var client = impatient.client()) {
            impatient.app().playing(connection -> {
                connection.readHead();
                connection.send(SWITCH);
                try {
                    while (true) {
                        connection.out().write(new byte[1 << 16]);
                    }
                } catch (IOException e) {
                    ended.countDown();
                }
            });
            client.send(UPGRADE).readHead();
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void staysForEndsThatHaveNothingToSay() throws IOException {
        try (var impatient = new ProxyHarness(Timeouts.stalled(Duration.ofMillis(1)));
                var client = impatient.client()) {
            impatient.app().playing(connection -> {
                connection.readHead();
                connection.send(SWITCH);
                connection.out().write(connection.in().read());
            });
            client.send(UPGRADE).readHead();
            // Three looks at what takes too long.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(read(client.send("a"), 1)).isEqualTo("a");
        }
    }

    @Test
    void countsAnUpgradeAsARequestAndNotAsLatency() throws IOException {
        appSwitches("");
        try (var client = proxy.client()) {
            client.send(UPGRADE).readHead();
        }
        assertThat(proxy.metrics())
                .containsPattern("sluice_app_responses_total\\{[^}]*class=\"2xx\"[^}]*3f9a0c12de\"} 1")
                .containsPattern("sluice_app_latency_seconds_count\\{[^}]*3f9a0c12de\"} 0");
        await().untilAsserted(() ->
                assertThat(proxy.logLines()).singleElement().asString().contains("\"status_code\":101"));
    }

    @Test
    void servesHttpOnWhenTheAppDoesNotSwitch() throws IOException {
        try (var client = proxy.client()) {
            assertThat(client.send(UPGRADE).read().status()).isEqualTo(200);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void refusesASwitchThatNobodyAskedFor() throws IOException {
        appSwitches("");
        try (var client = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);
        }
    }

    @Test
    void doesNotTunnelWhatWasSentBeforeTheSwitch() throws IOException {
        appSwitches("");
        try (var client = proxy.client()) {
            client.send(UPGRADE + "GET /smuggled HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            assertThat(client.isClosedInOrder()).isFalse();
        }
        assertThat(proxy.app().heads()).hasSize(1);
    }

    @Test
    void holdsBackAnAppWhoseClientDoesNotRead() throws IOException {
        var megabytes = 64;
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(SWITCH);
            var block = new byte[1 << 20];
            for (var i = 0; i < megabytes; i++) {
                connection.out().write(block);
            }
        });
        try (var client = proxy.client()) {
            client.send(UPGRADE).readHead();
            assertThat(client.in().readAllBytes()).hasSize(megabytes << 20);
        }
    }
}
