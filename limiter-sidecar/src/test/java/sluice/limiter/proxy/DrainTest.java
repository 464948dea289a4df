package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.judge.Outcome;

class DrainTest {

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void servesOnButClosesAfterEachAnswer() throws IOException {
        try (var before = proxy.client()) {
            assertThat(before.get("/").header("Connection")).isEmpty();
            proxy.server().drain();
            assertThat(before.get("/").header("Connection")).isEqualTo("close");
            assertThat(before.isClosedInOrder()).isTrue();
        }
        try (var after = proxy.client()) {
            assertThat(after.get("/").header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void closesAfterItsOwnAnswersToo() throws IOException {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.empty()));
        proxy.server().drain();
        try (var client = proxy.client()) {
            assertThat(client.get("/").header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void letsARequestEndWhenItIsStoppedAndTakesNoMore() throws Exception {
        var asked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        proxy.app().playing(connection -> {
            connection.readHead();
            asked.countDown();
            try {
                mayAnswer.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        try (var idle = proxy.client();
                var busy = proxy.client()) {
            busy.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            var stopped = proxy.server().stop(Duration.ofMinutes(1));
            assertThat(idle.isClosedInOrder()).isTrue();
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> proxy.client().close()).isInstanceOf(ConnectException.class));
            assertThat(stopped).isNotDone();
            mayAnswer.countDown();
            assertThat(busy.read().body()).isEqualTo("ok");
            busy.socket().close();
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 10\r\n\r\nhalf", "GET / HTTP/1.1\r\nHo"})
    void doesNotWaitForAClientThatSendsNothingWhenItIsStopped(String half) throws Exception {
        try (var impatient = new ProxyHarness(Timeouts.stopping(Duration.ofMillis(300)));
                var client = impatient.client()) {
            client.get("/before");
            client.send(half);
            // The other connection is served only when the loop has seen the first one's half.
            try (var other = impatient.client()) {
                other.get("/");
            }
            var stopped = impatient.server().stop(Duration.ofMinutes(1));
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void closesKeptConnectionsAtOnceWhenItIsStopped() throws Exception {
        try (var kept = proxy.client();
                var afterABody = proxy.client()) {
            kept.get("/");
            afterABody
                    .send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 2\r\n\r\nhi\r\n")
                    .read();
            var stopped = proxy.server().stop(Duration.ofMinutes(1));
            assertThat(kept.isClosedInOrder()).isTrue();
            assertThat(afterABody.isClosedInOrder()).isTrue();
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void doesNotWaitForEverWhenItIsStopped() throws Exception {
        var asked = new CountDownLatch(1);
        proxy.app().playing(connection -> {
            connection.readHead();
            asked.countDown();
            connection.in().read();
        });
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.server().stop(Duration.ofMillis(300))).succeedsWithin(Duration.ofSeconds(30));
        }
    }
}
