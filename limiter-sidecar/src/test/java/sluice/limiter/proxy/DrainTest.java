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
                mayAnswer.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        try (var idle = proxy.client();
                var busy = proxy.client()) {
            busy.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            var stopped = proxy.server().stop(Duration.ofSeconds(10));
            assertThat(idle.isClosedInOrder()).isTrue();
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> proxy.client().close()).isInstanceOf(ConnectException.class));
            assertThat(stopped).isNotDone();
            mayAnswer.countDown();
            assertThat(busy.read().body()).isEqualTo("ok");
            busy.socket().close();
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
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
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.server().stop(Duration.ofMillis(300))).succeedsWithin(Duration.ofSeconds(5));
        }
    }
}
