package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a client may send the body that it has announced is for the app to say. */
class ContinueTest {

    private static final String ASKING =
            "POST / HTTP/1.1\r\nHost: app\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    private static final String ASKING_WITH_CHUNKS =
            "POST / HTTP/1.1\r\nHost: app\r\nExpect: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static void welcome(FakeApp.Connection connection) throws IOException {
        for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + connection.readBody(head));
        }
    }

    @Test
    void carriesTheAppsYesAndKeepsTheConnections() throws IOException {
        try (var proxy = new ProxyHarness();
                var client = proxy.client()) {
            proxy.app().playing(ContinueTest::welcome);
            for (var i = 0; i < 3; i++) {
                assertThat(client.send(ASKING).readHead().status()).isEqualTo(100);
                assertThat(client.send("hi").read().body()).isEqualTo("hi");
                assertThat(client.send(ASKING_WITH_CHUNKS).readHead().status()).isEqualTo(100);
                assertThat(client.send("2\r\nhi\r\n0\r\n\r\n").read().body()).isEqualTo("hi");
            }
            assertThat(proxy.app().connections()).isEqualTo(1);
            assertThat(proxy.app().lastHead()).containsIgnoringCase("expect: 100-continue");
        }
    }

    @Test
    void carriesABodyThatDoesNotWaitForTheYes() throws IOException {
        try (var proxy = new ProxyHarness();
                var client = proxy.client()) {
            proxy.app().playing(ContinueTest::welcome);
            client.send(ASKING + "hi" + "GET /next HTTP/1.1\r\nHost: app\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(100);
            assertThat(client.read().body()).isEqualTo("hi");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 413})
    void carriesAFinalAnswerAtOnceAndTakesNoBodyAfterIt(int status) throws IOException {
        try (var proxy = new ProxyHarness();
                var client = proxy.client()) {
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.send("HTTP/1.1 " + status + " Final\r\nContent-Length: 0\r\n\r\n");
                connection.in().readAllBytes();
            });
            var answer = client.send(ASKING).read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }

    @Test
    void laysAnAppThatSaysNothingToTheApp() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.response(Duration.ofMillis(300)));
                var client = proxy.client()) {
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.in().readAllBytes();
            });
            var answer = client.send(ASKING).read();
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void laysABodyThatDoesNotComeAfterTheYesToTheClient() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.body(Duration.ofMillis(300)));
                var client = proxy.client()) {
            proxy.app().playing(ContinueTest::welcome);
            assertThat(client.send(ASKING).readHead().status()).isEqualTo(100);
            assertThat(client.read().status()).isEqualTo(408);
        }
    }

    @Test
    void asksNobodyForHttp10() throws IOException {
        try (var proxy = new ProxyHarness();
                var client = proxy.client()) {
            proxy.app().playing(ContinueTest::welcome);
            client.send("POST / HTTP/1.0\r\nHost: app\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.read().body()).isEqualTo("hi");
        }
    }
}
