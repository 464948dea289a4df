package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.Robustness;

/** Clients that send a byte now and then, so that each wait by itself is short. */
@Robustness("HTTP at the sidecar")
class SlowClientsTest {

    private static final Duration LIMIT = Duration.ofMillis(600);

    private static final Duration STALLED = Duration.ofSeconds(2);
    private static final int LARGE = 64 << 20;
    private static final int FAST = 32 << 20;

    /** Also what the client's kernel takes: it would take megabytes, and tell of them late. */
    private static final int SLOW_READ = 16 << 10;

    /** Sends it byte by byte and over again until the proxy has answered. */
    private static RawClient.Answer dribble(RawClient client, String text) throws IOException {
        var answered = new AtomicBoolean();
        var dribbling = Thread.ofVirtual().start(() -> {
            try {
                for (var i = 0; !answered.get(); i++) {
                    client.send(text.substring(i % text.length(), i % text.length() + 1));
                    Thread.sleep(20);
                }
            } catch (IOException e) {
                // The proxy has closed.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            return client.read();
        } finally {
            answered.set(true);
            dribbling.interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: app\r\nX-A: ", "GET /"})
    void answers408ToAHeadThatNeverEnds(String begin) throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.head(LIMIT));
                var client = proxy.client()) {
            assertThat(dribble(client.send(begin), "a").status()).isEqualTo(408);
            assertThat(proxy.app().connections()).isZero();
        }
    }

    @Test
    void answers408ToHeadersWithoutEnd() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.head(LIMIT));
                var client = proxy.client()) {
            assertThat(dribble(client.send("GET / HTTP/1.1\r\nHost: app\r\n"), "X-A: b\r\n")
                            .status())
                    .isEqualTo(408);
        }
    }

    @Test
    void answers408ToTheHeadOfTheSecondRequestOfAPipeline() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.head(LIMIT));
                var client = proxy.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: app\r\n\r\nGET /2 HTTP/1.1\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.isClosedInOrder()).isTrue();
            assertThat(proxy.app().heads()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2\r\nhi\r\n000", "2\r\nhi\r\n2;", "2\r\nhi\r\n0\r\nX-A: "})
    void answers408ToAChunkSizeAnExtensionOrATrailerThatNeverEnds(String begin) throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.body(LIMIT));
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n" + begin);
            assertThat(dribble(client, "0").status()).isEqualTo(408);
        }
    }

    @Test
    void takesABodyThatComesSlowlyButSteadily() throws IOException, InterruptedException {
        // The limit is for one pause, of which there are ten here.
        try (var proxy = new ProxyHarness(Timeouts.body(Duration.ofSeconds(5)));
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 10\r\n\r\n");
            for (var i = 0; i < 10; i++) {
                Thread.sleep(50);
                client.send("a");
            }
            assertThat(client.read().body()).isEqualTo("aaaaaaaaaa");
        }
    }

    @Test
    void closesAConnectionOnWhichNothingIsSentAndOneOfLineBreaks() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.idle(LIMIT));
                var silent = proxy.client();
                var blank = proxy.client()) {
            blank.send("\r\n\r\n");
            assertThat(silent.isClosedInOrder()).isTrue();
            assertThat(blank.isClosedInOrder()).isTrue();
            assertThat(proxy.logLines()).isEmpty();
        }
    }

    /**
     * That the kernel of a fast network would take megabytes, and ask for more only when a third of them has gone, is not for the client to
     * suffer from.
     */
    @Test
    void givesALargeAnswerToAClientThatTakesItSlowlyButSteadily() throws IOException, InterruptedException {
        try (var proxy = new ProxyHarness(Timeouts.stalled(STALLED));
                var client = new RawClient(proxy.connect(SLOW_READ))) {
            proxy.app().playing(connection -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
                connection.out().write(new byte[LARGE]);
            });
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            var fast = client.in().readNBytes(FAST).length;
            var slow = slowly(() -> client.in().readNBytes(SLOW_READ).length);
            assertThat(fast + slow + client.in().readNBytes(LARGE - FAST - slow).length)
                    .isEqualTo(LARGE);
        }
    }

    @Test
    void givesALargeAnswerOfHttp2ToAClientThatTakesItSlowlyButSteadily() throws Exception {
        var app = new FakeHttp2App().playing((stream, frame) -> FakeHttp2App.answer(stream, "200", "x".repeat(LARGE)));
        try (app;
                var proxy = new ProxyHarness(Timeouts.stalled(STALLED), app.address());
                var client = RawHttp2.connect(proxy.connect(SLOW_READ))) {
            client.frame(RawHttp2.SETTINGS, 0, 0, RawHttp2.LARGEST_WINDOW);
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(1 << 30));
            client.get(1, "/");
            var taken = 0;
            while (taken < FAST) {
                taken += dataIn(client.read());
            }
            taken += slowly(() -> dataIn(client.read()));
            while (taken < LARGE) {
                taken += dataIn(client.read());
            }
            assertThat(taken).isEqualTo(LARGE);
        }
    }

    private static int dataIn(RawHttp2.Frame frame) {
        assertThat(frame.type()).isNotIn(RawHttp2.RST_STREAM, RawHttp2.GOAWAY);
        return frame.type() == RawHttp2.DATA ? frame.payload().readableBytes() : 0;
    }

    /** Reads now and then, for three times as long as a client may take nothing. */
    private static int slowly(Reading reading) throws IOException, InterruptedException {
        var read = 0;
        var end = System.nanoTime() + 3 * STALLED.toNanos();
        while (System.nanoTime() < end) {
            Thread.sleep(100);
            read += reading.next();
        }
        return read;
    }

    private interface Reading {

        /** How many bytes have been read. */
        int next() throws IOException;
    }
}
