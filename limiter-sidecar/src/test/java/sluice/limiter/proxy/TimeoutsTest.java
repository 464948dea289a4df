package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeoutsTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void answers408ToSlowHeaders() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.head(SHORT));
                var client = proxy.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a").read().status()).isEqualTo(408);
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }

    @Test
    void answers408ToSlowHeadersOfALaterRequest() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.head(SHORT));
                var client = proxy.client()) {
            client.get("/");
            assertThat(client.send("GET / HT").read().status()).isEqualTo(408);
        }
    }

    @Test
    void a408AfterAHeadHasABodyOfItsOwn() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.head(SHORT));
                var client = proxy.client()) {
            client.send("HEAD / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            var answer = client.send("GET / HT").read();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("The headers took too long.");
        }
    }

    @Test
    void takesALineBreakAfterABodyForNoRequest() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.head(SHORT));
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 2\r\n\r\nhi\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            await().pollDelay(SHORT.multipliedBy(3)).until(() -> true);
            assertThat(client.get("/next").status()).isEqualTo(200);
        }
    }

    @Test
    void answers408ToASlowBody() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.body(SHORT));
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 10\r\n\r\nhalf");
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }

    @Test
    void closesAnIdleConnectionWithoutAWord() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.idle(Duration.ofSeconds(1)));
                var fresh = proxy.client();
                var used = proxy.client()) {
            used.get("/");
            assertThat(used.isClosedInOrder()).isTrue();
            assertThat(fresh.isClosedInOrder()).isTrue();
        }
    }

    @Test
    void answers504WhenTheAppHangs() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.response(SHORT));
                var client = proxy.client()) {
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.in().read();
            });
            assertThat(client.get("/").status()).isEqualTo(504);
            assertThat(proxy.metrics())
                    .containsPattern("sluice_app_responses_total\\{[^}]*class=\"5xx\"[^}]*3f9a0c12de\"} 1");
        }
    }

    @Test
    void doesNotCountTheTimeOfASlowUploadAgainstTheApp() throws IOException, InterruptedException {
        try (var proxy = new ProxyHarness(Timeouts.response(Duration.ofSeconds(2)));
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 5\r\n\r\n");
            for (var piece : List.of("a", "b", "c", "d", "e")) {
                Thread.sleep(500);
                client.send(piece);
            }
            assertThat(client.read().body()).isEqualTo("abcde");
        }
    }

    @Test
    void abortsWhenTheAppPausesForTooLongInAnAnswer() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.answerPause(SHORT));
                var client = proxy.client()) {
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                connection.in().read();
            });
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            assertThat(client.isClosedInOrder()).isFalse();
        }
    }

    @Test
    void abortsAClientThatDoesNotTakeItsAnswer() throws IOException, InterruptedException {
        try (var proxy = new ProxyHarness(Timeouts.stalled(SHORT));
                var client = proxy.client()) {
            var ended = new CountDownLatch(1);
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                try {
                    while (true) {
                        connection.out().write(new byte[1 << 16]);
                    }
                } catch (IOException e) {
                    ended.countDown();
                }
            });
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** No reset of a stream could reach it. */
    @Test
    void endsAConnectionOfHttp2ThatNothingIsReadFrom() throws Exception {
        var large = "x".repeat(1 << 24);
        var app = new FakeHttp2App().playing((stream, frame) -> FakeHttp2App.answer(stream, "200", large));
        try (app;
                var proxy = new ProxyHarness(Timeouts.stalled(SHORT), app.address());
                var client = RawHttp2.connect(proxy.server().port())) {
            client.frame(RawHttp2.SETTINGS, 0, 0, RawHttp2.LARGEST_WINDOW);
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(1 << 30));
            client.get(1, "/");
            await().untilAsserted(() -> assertThatThrownBy(() -> client.frame(RawHttp2.PING, 0, 0, new byte[8]))
                    .isInstanceOf(SocketException.class));
        }
    }
}
