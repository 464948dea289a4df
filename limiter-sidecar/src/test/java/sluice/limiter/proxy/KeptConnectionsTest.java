package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Apps that close idle connections of their own accord must not make a request fail that cannot be sent again. */
class KeptConnectionsTest {

    private static final int GUNICORNS_KEEPALIVE_MILLIS = 2_000;
    private static final String POST = "POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 2\r\n\r\nhi";

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness(ProxyTuning.DEFAULTS);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void appClosesIdleConnectionsAfter(int millis) {
        proxy.app().playing(connection -> {
            connection.idleTimeout(millis);
            try {
                for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + connection.readBody(head));
                }
            } catch (SocketTimeoutException e) {
                // As gunicorn does: closed without a word.
            }
        });
    }

    @Test
    void postsFindNoConnectionThatTheAppIsAboutToClose() throws Exception {
        appClosesIdleConnectionsAfter(GUNICORNS_KEEPALIVE_MILLIS);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = new ArrayList<CompletableFuture<Integer>>();
            for (var i = 0; i < 40; i++) {
                var pause = GUNICORNS_KEEPALIVE_MILLIS - 100 + 5 * i;
                statuses.add(CompletableFuture.supplyAsync(() -> secondStatus(pause), clients));
            }
            assertThat(statuses).allSatisfy(status -> assertThat(status.join()).isEqualTo(200));
        }
    }

    private int secondStatus(int pause) {
        try (var client = proxy.client()) {
            client.send(POST).read();
            await().pollDelay(pause, TimeUnit.MILLISECONDS).until(() -> true);
            return client.send(POST).read().status();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void aPostFindsNoConnectionThatHasBeenClosedUnseen() throws Throwable {
        var mayClose = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        proxy.app().playing(connection -> {
            var head = connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + connection.readBody(head));
            if (proxy.app().connections() == 1) {
                try {
                    mayClose.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                connection.close();
                closed.countDown();
            }
        });
        try (var client = proxy.client()) {
            assertThat(client.send(POST).read().status()).isEqualTo(200);
            proxy.blockingTheLoop(() -> {
                client.send(POST);
                mayClose.countDown();
                assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
            });
            assertThat(client.read().body()).isEqualTo("hi");
        }
        assertThat(proxy.app().connections()).isEqualTo(2);
    }
}
