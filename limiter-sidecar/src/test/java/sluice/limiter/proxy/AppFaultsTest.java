package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.Robustness;

/** An app that refuses, hangs, or closes half way. */
@Robustness("faults of the app")
class AppFaultsTest {

    private static final String LENGTH = "Content-Length: 2\r\n\r\nhi";

    @Test
    void answers502AtOnceWhenTheAppRefusesHoweverLongConnectingMayTake() throws IOException {
        // RawClient waits for half a minute: an answer says that the minute was not waited for.
        try (var refusing = new RefusingPort();
                var proxy = new ProxyHarness(Timeouts.connect(Duration.ofMinutes(1)), refusing.address());
                var client = proxy.client()) {
            for (var i = 0; i < 3; i++) {
                assertThat(client.get("/").status()).isEqualTo(502);
            }
            assertThat(client.send("POST / HTTP/1.1\r\nHost: app\r\n" + LENGTH)
                            .read()
                            .status())
                    .isEqualTo(502);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,0", "POST,0", "POST,2", "DELETE,0"})
    void answers504AtTheLimitWhenTheAppHangs(String method, int length) throws IOException {
        // The request after it has no more time than this one.
        try (var proxy = new ProxyHarness(Timeouts.response(Duration.ofSeconds(1)));
                var client = proxy.client()) {
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.in().readAllBytes();
            });
            client.send(
                    method + " / HTTP/1.1\r\nHost: app\r\nContent-Length: " + length + "\r\n\r\n" + "a".repeat(length));
            assertThat(client.read().status()).isEqualTo(504);
            assertThat(proxy.app().heads()).hasSize(1);
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });
            assertThat(client.get("/after").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "PUT", "DELETE", "GET"})
    void repeatsNothingThatHasABodyAndNothingOnANewConnection(String method) throws IOException {
        try (var proxy = new ProxyHarness();
                var client = proxy.client()) {
            proxy.app().playing(connection -> connection.readBody(connection.readHead()));
            assertThat(client.send(method + " / HTTP/1.1\r\nHost: app\r\n" + LENGTH)
                            .read()
                            .status())
                    .isEqualTo(502);
            assertThat(client.send(method + " / HTTP/1.1\r\nHost: app\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(502);
            assertThat(proxy.app().heads()).hasSize(2);
        }
    }

    @Test
    void answers502WhenTheAppResetsInTheMiddleOfABody() throws IOException {
        try (var proxy = new ProxyHarness();
                var client = proxy.client()) {
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.in().readNBytes(4);
                connection.reset();
            });
            var answer = client.send("PUT / HTTP/1.1\r\nHost: app\r\nContent-Length: 10\r\n\r\nhalf")
                    .read();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.header("Connection")).isEmpty();
            assertThat(proxy.app().heads()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void abortsAndRepeatsNothingWhenTheAppClosesHalfWayInItsAnswer(String method) throws IOException {
        try (var proxy = new ProxyHarness();
                var client = proxy.client()) {
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            });
            client.send(method + " / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            var aborted = false;
            try {
                client.in().readAllBytes();
            } catch (SocketException e) {
                aborted = true;
            }
            assertThat(aborted).isTrue();
            assertThat(proxy.app().heads()).hasSize(1);
        }
    }
}
