package sluice.limiter.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

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
    void keepsBothConnectionsForTheNextRequest() throws IOException {
        try (var client = proxy.client()) {
            for (var i = 0; i < 20; i++) {
                assertThat(client.get("/" + i).status()).isEqualTo(200);
            }
        }
        assertThat(proxy.app().connections()).isEqualTo(1);
        assertThat(proxy.app().heads()).hasSize(20);
    }

    @Test
    void sharesConnectionsToTheAppBetweenClients() throws IOException {
        try (var first = proxy.client();
                var second = proxy.client()) {
            first.get("/1");
            second.get("/2");
            first.get("/3");
        }
        assertThat(proxy.app().connections()).isEqualTo(1);
    }

    @Test
    void servesOverNioToo() throws IOException {
        try (var nio = new ProxyHarness(Transport.nio(), ProxyTuning.DEFAULTS);
                var client = nio.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(nio.judge().asked().getFirst().peer().isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void usesEpollOnLinux() {
        assertThat(Transport.best().name()).isEqualTo("epoll");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersAPipelineInOrder(boolean judgedLater) throws IOException {
        if (judgedLater) {
            proxy.judge().judgeLater();
        }
        try (var client = proxy.client()) {
            var requests = new StringBuilder();
            for (var i = 0; i < 50; i++) {
                var body = "body-" + i;
                requests.append("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
            client.send(requests.toString());
            for (var i = 0; i < 50; i++) {
                assertThat(client.read().body()).isEqualTo("body-" + i);
            }
        }
    }

    @Test
    void streamsChunksAndTrailersBothWays() throws IOException {
        proxy.app().playing(connection -> {
            var head = connection.readHead();
            var body = connection.readBody(head);
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                    + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\nX-Sum: 42\r\n\r\n");
        });
        try (var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nTE: trailers\r\nConnection: TE\r\n")
                    .send("Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\nabcde\r\n3\r\nfgh\r\n")
                    .send("0\r\nX-End: yes\r\nX-Sluice-Arm: stable\r\n\r\n");
            var answer = client.read();
            assertThat(answer.body()).isEqualTo("abcdefgh|X-End: yes|X-Sum: 42");
            assertThat(answer.header("Trailer")).isEqualTo("X-Sum");
        }
        assertThat(proxy.app().lastHead())
                .containsIgnoringCase("te: trailers")
                .containsIgnoringCase("transfer-encoding: chunked");
    }

    @Test
    void passesOnAnInterimAnswerBeforeTheBodyIsSent() throws IOException {
        proxy.app().playing(connection -> {
            var head = connection.readHead();
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + connection.readBody(head));
        });
        try (var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(100);
            assertThat(client.send("hi").read().body()).isEqualTo("hi");
        }
    }

    @Test
    void closesWhenTheAppAnswersInsteadOfAContinue() throws IOException {
        appAnswersWithoutReading("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
        try (var client = proxy.client()) {
            var answer = client.send(
                            "POST / HTTP/1.1\r\nHost: app\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                    .read();
            assertThat(answer.status()).isEqualTo(417);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }

    private void appAnswersWithoutReading(String answer) {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(answer);
            connection.in().read();
        });
    }

    @Test
    void answersAHeadWithoutABody() throws IOException {
        proxy.appAnswers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        try (var client = proxy.client()) {
            for (var i = 0; i < 3; i++) {
                var answer = client.send("HEAD / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
                assertThat(answer.header("Content-Length")).isEqualTo("5");
            }
        }
        assertThat(proxy.app().connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void answersABodilessStatusWithoutABody(int status) throws IOException {
        proxy.appAnswers("HTTP/1.1 " + status + " Nothing\r\n\r\n");
        try (var client = proxy.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n")
                            .readHead()
                            .status())
                    .isEqualTo(status);
            assertThat(client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n")
                            .readHead()
                            .status())
                    .isEqualTo(status);
        }
    }

    @Test
    void chunksAnAnswerThatEndsWithItsConnection() throws IOException {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send("HTTP/1.0 200 OK\r\n\r\nup to the end");
        });
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(answer.body()).isEqualTo("up to the end");
            assertThat(client.get("/").body()).isEqualTo("up to the end");
        }
    }

    @Test
    void servesHttp10WithoutChunksAndCloses() throws IOException {
        proxy.appAnswers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
        try (var client = proxy.client()) {
            var answer = client.send("GET / HTTP/1.0\r\n\r\n").readToEnd();
            assertThat(answer)
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .containsIgnoringCase("connection: close");
            assertThat(answer).endsWith("\r\n\r\nhi");
        }
        assertThat(proxy.app().lastHead()).startsWith("GET / HTTP/1.1\r\n").containsIgnoringCase("host: ");
    }

    @Test
    void keepsAnHttp10ConnectionThatAsksForIt() throws IOException {
        try (var client = proxy.client()) {
            var request = "GET / HTTP/1.0\r\nHost: app\r\nConnection: keep-alive\r\n\r\n";
            assertThat(client.send(request).read().header("Connection")).isEqualTo("keep-alive");
            assertThat(client.send(request).read().status()).isEqualTo(200);
        }
    }

    @Test
    void closesWhenTheClientAsksForIt() throws IOException {
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n");
            assertThat(client.read().header("Connection")).isEqualTo("close");
            assertThat(client.isClosedInOrder()).isTrue();
        }
        assertThat(proxy.app().lastHead()).doesNotContainIgnoringCase("connection:");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/users?a=%2F&b=//..,/api/users,/api/users?a=%2F&b=//..",
        "//api///users,/api/users,/api/users",
        "/api/%75sers,/api/users,/api/users",
        "/x/%2e%2e/api/./users,/api/users,/api/users",
        "/x/%2E%2E%2Fapi%2fusers,/api/users,/api/users",
        "/api/a%3Bb,/api/a;b,/api/a%3Bb",
        "/api/caf%c3%a9,/api/café,/api/caf%C3%A9",
        "/api/users/..,/api/,/api/",
        "/api;a=1/users;b,/api;a=1/users;b,/api;a=1/users;b",
        "http://app/api?q,/api,/api?q",
        "http://app,/,/",
    })
    void matchesThePathThatItForwards(String target, String matched, String forwarded) throws IOException {
        try (var client = proxy.client()) {
            assertThat(client.get(target).status()).isEqualTo(200);
        }
        assertThat(proxy.judge().asked().getFirst().path()).isEqualTo(matched);
        assertThat(proxy.app().lastHead()).startsWith("GET " + forwarded + " HTTP/1.1\r\n");
    }

    @Test
    void forwardsBytesBeyondAsciiUnchangedInHeadersAndEscapedInTargets() throws IOException {
        try (var client = proxy.client()) {
            client.send("GET /caf\u00c3\u00a9?q=\u00c3\u00a9 HTTP/1.1\r\nHost: app\r\nX-Name: caf\u00c3\u00a9\r\n\r\n")
                    .read();
        }
        assertThat(proxy.judge().asked().getFirst().path()).isEqualTo("/café");
        assertThat(proxy.app().lastHead())
                .contains("GET /caf%C3%A9?q=%C3%A9 HTTP/1.1")
                .contains("X-Name: caf\u00c3\u00a9");
    }

    @Test
    void forwardsAnOptionsAsterisk() throws IOException {
        try (var client = proxy.client()) {
            assertThat(client.send("OPTIONS * HTTP/1.1\r\nHost: app\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(proxy.app().lastHead()).startsWith("OPTIONS * HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "http://app, OPTIONS * HTTP/1.1",
        "HTTPS://app, OPTIONS * HTTP/1.1",
        "http://app/, OPTIONS / HTTP/1.1",
        "http://app?a, OPTIONS /?a HTTP/1.1"
    })
    void forwardsOptionsOfTheServerAsAWhole(String target, String forwarded) throws IOException {
        try (var client = proxy.client()) {
            assertThat(client.send("OPTIONS " + target + " HTTP/1.1\r\nHost: app\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(proxy.app().lastHead()).startsWith(forwarded + "\r\n");
        assertThat(proxy.judge().asked().getLast().path()).isEqualTo(forwarded.split("[ ?]", 3)[1]);
    }

    @Test
    void repeatsAnIdempotentRequestOnceWhenAKeptConnectionWasClosed() throws IOException {
        var requests = new AtomicInteger();
        proxy.app().playing(connection -> {
            connection.readHead();
            requests.incrementAndGet();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            // Reads the second request of this connection and closes without a byte of an answer.
            connection.readHead();
            requests.incrementAndGet();
        });
        try (var client = proxy.client()) {
            assertThat(client.get("/1").status()).isEqualTo(200);
            assertThat(client.get("/2").status()).isEqualTo(200);
        }
        assertThat(requests).hasValue(3);
        assertThat(proxy.app().connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: app\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: app\r\nContent-Length: 2\r\n\r\nhi",
            })
    void neverRepeatsWhatCouldBeDoneTwice(String request) throws IOException {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            connection.readHead();
        });
        try (var client = proxy.client()) {
            assertThat(client.get("/1").status()).isEqualTo(200);
            assertThat(client.send(request).read().status()).isEqualTo(502);
        }
        assertThat(proxy.app().heads()).hasSize(2);
    }

    @Test
    void doesNotRepeatOnANewConnectionOrAfterAByteOfTheAnswer() throws IOException {
        var second = new AtomicInteger();
        proxy.app().playing(connection -> {
            connection.readHead();
            if (second.getAndIncrement() == 0) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                connection.readHead();
                connection.send("HTTP");
            }
        });
        try (var client = proxy.client()) {
            assertThat(client.get("/1").status()).isEqualTo(200);
            assertThat(client.get("/begun").status()).isEqualTo(502);
            assertThat(client.get("/new").status()).isEqualTo(502);
        }
        assertThat(proxy.app().heads()).hasSize(3);
    }

    @Test
    void answers502WhenTheAppRefusesAndServesOnAfterwards() throws IOException {
        try (var refusing = new RefusingPort();
                var appless = new ProxyHarness(refusing.address());
                var client = appless.client()) {
            var answer = client.get("/");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.header("Connection")).isEmpty();
            assertThat(client.get("/").status()).isEqualTo(502);
        }
    }

    @Test
    void answers502ForNonsense() throws IOException {
        proxy.appAnswers("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        try (var client = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf!\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf!\r\nnonsense\r\n",
            })
    void abortsTheClientWhenTheAppBreaksOffHalfWay(String half) throws IOException {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(half);
        });
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            var aborted = false;
            try {
                client.in().readAllBytes();
            } catch (SocketException e) {
                aborted = true;
            }
            assertThat(aborted).isTrue();
        }
        assertThat(proxy.app().heads()).hasSize(1);
        assertThat(proxy.metrics())
                .containsPattern("sluice_app_responses_total\\{[^}]*class=\"5xx\"[^}]*3f9a0c12de\"} 1");
    }

    @Test
    void closesTheAppsConnectionWhenTheClientGoesAway() throws Exception {
        var gone = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        proxy.app().playing(connection -> {
            connection.readHead();
            asked.countDown();
            connection.in().read();
            gone.countDown();
        });
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() ->
                assertThat(proxy.logLines()).singleElement().asString().contains("\"status_code\":499"));
    }

    @Test
    void passesOnAnAnswerThatComesBeforeTheBodyHasEnded() throws IOException {
        appAnswersWithoutReading("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
        try (var client = proxy.client()) {
            var answer = client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 1000000\r\n\r\nbegin")
                    .read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void dropsAnAnswerThatNobodyAskedFor() throws IOException {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
        });
        try (var client = proxy.client()) {
            assertThat(client.get("/1").body()).isEqualTo("1");
            assertThat(client.get("/2").body()).isEqualTo("1");
            client.send("GET /3 HTTP/1.1\r\nHost: app\r\n\r\n".repeat(2));
            assertThat(client.read().body()).isEqualTo("1");
            assertThat(client.read().body()).isEqualTo("1");
        }
    }

    @Test
    void givesAWaitingRequestTheConnectionThatIsFreeFirst() throws Exception {
        // An app that is too busy to accept: its backlog takes two connections and drops the rest, which is sent again
        // after a second.
        try (var full = new ServerSocket(0, 1, LOOPBACK);
                var filler = new Socket(LOOPBACK, full.getLocalPort());
                var busy = new ProxyHarness(
                        Timeouts.connect(Duration.ofMinutes(1)), new InetSocketAddress(LOOPBACK, full.getLocalPort()));
                var first = busy.client();
                var second = busy.client()) {
            assertThat(filler.isConnected()).isTrue();
            first.send("GET /1 HTTP/1.1\r\nHost: app\r\n\r\n");
            await().until(() -> busy.judge().asked().size() == 1);
            second.send("GET /2 HTTP/1.1\r\nHost: app\r\n\r\n");
            await().until(() -> busy.judge().asked().size() == 2);
            full.accept().close();
            // Full again: the second one's own connection does not come about, however long this takes.
            try (var app = full.accept();
                    var one = new Socket(LOOPBACK, full.getLocalPort());
                    var two = new Socket(LOOPBACK, full.getLocalPort())) {
                assertThat(one.isConnected() && two.isConnected()).isTrue();
                for (var i = 0; i < 2; i++) {
                    Wire.readHead(app.getInputStream());
                    app.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
                }
            }
            assertThat(first.read().status()).isEqualTo(200);
            assertThat(second.read().status()).isEqualTo(200);
        }
    }

    @Test
    void doesNotKeepAConnectionThatTheAppWillClose() throws IOException {
        proxy.appAnswers("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        try (var client = proxy.client()) {
            assertThat(client.get("/1").header("Connection")).isEmpty();
            assertThat(client.get("/2").status()).isEqualTo(200);
        }
        assertThat(proxy.app().connections()).isEqualTo(2);
    }

    @Test
    void gives502WhenTheAppDoesNotTakeConnections() throws IOException {
        // A full backlog: the kernel drops what comes on top.
        try (var full = new ServerSocket(0, 1);
                var one = new Socket(LOOPBACK, full.getLocalPort());
                var two = new Socket(LOOPBACK, full.getLocalPort())) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            try (var stuck = new ProxyHarness(new InetSocketAddress(LOOPBACK, full.getLocalPort()));
                    var client = stuck.client()) {
                assertThat(client.get("/").status()).isEqualTo(502);
            }
        }
    }

    @Test
    void closesAKeptConnectionBeforeTheAppWould() throws IOException {
        try (var quick = new ProxyHarness(Timeouts.upstreamIdle(Duration.ofMillis(300)));
                var client = quick.client()) {
            client.get("/1");
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            client.get("/2");
            assertThat(quick.app().connections()).isEqualTo(2);
        }
    }
}
