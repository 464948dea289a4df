package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;
import static sluice.limiter.proxy.RawHttp2.COMPRESSION_ERROR;
import static sluice.limiter.proxy.RawHttp2.CONTINUATION;
import static sluice.limiter.proxy.RawHttp2.DATA;
import static sluice.limiter.proxy.RawHttp2.END_HEADERS;
import static sluice.limiter.proxy.RawHttp2.END_STREAM;
import static sluice.limiter.proxy.RawHttp2.ENHANCE_YOUR_CALM;
import static sluice.limiter.proxy.RawHttp2.FLOW_CONTROL_ERROR;
import static sluice.limiter.proxy.RawHttp2.FRAME_SIZE_ERROR;
import static sluice.limiter.proxy.RawHttp2.HEADERS;
import static sluice.limiter.proxy.RawHttp2.NO_WINDOW;
import static sluice.limiter.proxy.RawHttp2.PING;
import static sluice.limiter.proxy.RawHttp2.PRIORITY;
import static sluice.limiter.proxy.RawHttp2.PROTOCOL_ERROR;
import static sluice.limiter.proxy.RawHttp2.REFUSED_STREAM;
import static sluice.limiter.proxy.RawHttp2.RST_STREAM;
import static sluice.limiter.proxy.RawHttp2.SETTINGS;
import static sluice.limiter.proxy.RawHttp2.STREAM_CLOSED;
import static sluice.limiter.proxy.RawHttp2.WINDOW_UPDATE;
import static sluice.limiter.proxy.RawHttp2.block;
import static sluice.limiter.proxy.RawHttp2.bytes;
import static sluice.limiter.proxy.RawHttp2.number;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks with frames end the attacker's connection, with the code that says why, and nobody else's. */
class Http2AttacksTest {

    private static final int STREAMS = 100;
    private static final int ANSWER = 16 * 1024;

    private FakeHttp2App app;
    private ProxyHarness proxy;
    private RawHttp2 client;

    @BeforeEach
    void start() throws IOException {
        app = new FakeHttp2App();
        proxy = new ProxyHarness(app.address());
        client = RawHttp2.connect(proxy.server().port());
    }

    /** Whatever was done to it, the proxy goes on serving others. */
    @AfterEach
    void stop() throws Exception {
        try (var other = RawHttp2.connect(proxy.server().port())) {
            app.playing(FakeHttp2App::answerAll);
            assertThat(other.get(1, "/other").awaitStatusOrReset()).isEqualTo(200);
        }
        client.close();
        proxy.close();
        app.close();
        assertThat(proxy.logLines())
                .filteredOn(line -> line.contains("\"status_code\":431"))
                .hasSizeLessThan(2);
    }

    /** Sends as much of it as the proxy takes. */
    private void flood(int times, IntFunction<byte[]> frames) {
        try {
            var batch = new ByteArrayOutputStream();
            for (var i = 0; i < times; i++) {
                batch.writeBytes(frames.apply(i));
            }
            client.raw(batch.toByteArray());
        } catch (SocketException closed) {
            // As it should be: the farewell says why.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void endsWith(long code) throws IOException {
        assertThat(client.awaitFarewell()).hasValue(code);
    }

    private static byte[] head(int stream, boolean end) {
        var fields = block(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "app");
        return bytes(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, fields);
    }

    private static byte[] both(byte[] first, byte[] second) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }

    @Test
    void opensAndResetsStreamsOnly() throws Exception {
        app.playing((stream, frame) -> {});
        flood(1_000, i -> both(head(2 * i + 1, true), bytes(RST_STREAM, 0, 2 * i + 1, number(8))));
        endsWith(ENHANCE_YOUR_CALM);
    }

    @Test
    void mayResetManyStreamsWhenItLetsMoreBeAnswered() throws Exception {
        app.playing((stream, frame) -> {
            if (!"/given-up".contentEquals(app.lastHead().path())) {
                FakeHttp2App.answerAll(stream, frame);
            }
        });
        for (var i = 0; i < 250; i++) {
            assertThat(client.get(4 * i + 1, "/wanted").awaitStatusOrReset()).isEqualTo(200);
            client.await(DATA);
            client.request(4 * i + 3, true, "GET", "/given-up");
            client.frame(RST_STREAM, 0, 4 * i + 3, number(8));
        }
    }

    @Test
    void sendsEmptyContinuationsWithoutEnd() throws Exception {
        client.frame(HEADERS, END_STREAM, 1, block(":method", "GET"));
        flood(10_000, _ -> bytes(CONTINUATION, 0, 1));
        endsWith(ENHANCE_YOUR_CALM);
    }

    @Test
    void sendsHeadersWithoutEnd() throws Exception {
        client.frame(
                HEADERS, END_STREAM, 1, block(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "app"));
        flood(1_000, i -> bytes(CONTINUATION, 0, 1, block("x-filler-" + i, "a".repeat(8_000))));
        assertThat(client.awaitFarewell()).isPresent();
        assertThat(app.heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 20})
    void leavesAHeadHalfSent(int bytes) throws Exception {
        app.playing((stream, frame) -> {});
        try (var impatient = new ProxyHarness(Timeouts.head(Duration.ofMillis(600)), app.address());
                var slow = RawHttp2.connect(impatient.server().port())) {
            // Another stream waits for its answer, so that the connection is not idle.
            slow.get(1, "/waits");
            var open = bytes(HEADERS, END_STREAM, 3, block(":method", "GET"));
            slow.raw(bytes == 0 ? open : Arrays.copyOf(open, bytes));
            assertThat(slow.awaitFarewell()).hasValue(ENHANCE_YOUR_CALM);
            await().untilAsserted(() ->
                    assertThat(impatient.logLines()).anyMatch(line -> line.contains("\"status_code\":408")));
        }
    }

    @Test
    void unfoldsAHugeHeadFromAFewBytes() throws Exception {
        var bomb = new ByteArrayOutputStream();
        bomb.writeBytes(block(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "app"));
        // Into the table once (RFC 7541, section 6.2.1), and then named by its index a hundred times.
        bomb.write(0x40);
        RawHttp2.literal("x-bomb", bomb);
        RawHttp2.literal("b".repeat(4_000), bomb);
        for (var i = 0; i < 4_000; i++) {
            bomb.write(0x80 | 62);
        }
        client.frame(HEADERS, END_HEADERS | END_STREAM, 1, bomb.toByteArray());
        assertThat(client.awaitStatusOrReset()).isEqualTo(431);
        assertThat(app.heads()).isEmpty();
    }

    @Test
    void floodsWithPings() throws Exception {
        flood(20_000, _ -> bytes(PING, 0, 0, new byte[8]));
        endsWith(ENHANCE_YOUR_CALM);
    }

    @Test
    void floodsWithSettings() throws Exception {
        flood(1_000, _ -> bytes(SETTINGS, 0, 0));
        endsWith(ENHANCE_YOUR_CALM);
    }

    @Test
    void floodsWithPriorities() throws Exception {
        app.playing((stream, frame) -> {});
        client.request(1, false, "POST", "/");
        flood(20_000, _ -> bytes(PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1}));
        endsWith(ENHANCE_YOUR_CALM);
    }

    @Test
    void floodsWithEmptyData() throws Exception {
        client.request(1, false, "POST", "/");
        flood(10_000, _ -> bytes(DATA, 0, 1));
        endsWith(ENHANCE_YOUR_CALM);
    }

    @Test
    void opensMoreStreamsThanItMay() throws Exception {
        app.playing((stream, frame) -> {});
        flood(101, i -> head(2 * i + 1, true));
        var refused = client.await(RST_STREAM);
        assertThat(refused.stream()).isEqualTo(201);
        assertThat(refused.code()).isEqualTo(REFUSED_STREAM);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 0})
    void opensAStreamThatIsNotItsToOpen(int stream) throws Exception {
        client.raw(head(stream, true));
        endsWith(PROTOCOL_ERROR);
    }

    @Test
    void opensAStreamBelowOneThatItOpened() throws Exception {
        assertThat(client.get(5, "/").awaitStatusOrReset()).isEqualTo(200);
        client.raw(head(3, true));
        assertThat(client.awaitStatusOrReset()).isEqualTo(-STREAM_CLOSED);
        assertThat(client.get(7, "/").awaitStatusOrReset()).isEqualTo(200);
        assertThat(app.heads()).hasSize(2);
    }

    @Test
    void sendsDataOnAStreamThatItNeverOpened() throws Exception {
        client.data(7, true, "stray");
        endsWith(PROTOCOL_ERROR);
    }

    @Test
    void opensTheWindowBeyondItsBound() throws Exception {
        client.frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE));
        endsWith(FLOW_CONTROL_ERROR);
    }

    @Test
    void sendsMoreThanTheWindowAllows() throws Exception {
        proxy.judge().judgeLater();
        app.playing((stream, frame) -> stream.config().setAutoRead(false));
        client.request(1, false, "POST", "/");
        flood(400, _ -> bytes(DATA, 0, 1, new byte[16_000]));
        assertThat(client.await(RST_STREAM).code()).isEqualTo(FLOW_CONTROL_ERROR);
    }

    @Test
    void sendsAFrameThatIsTooLong() throws Exception {
        flood(1, _ -> bytes(DATA, 0, 1, new byte[20_000]));
        endsWith(FRAME_SIZE_ERROR);
    }

    @Test
    void sendsABlockThatCannotBeDecoded() throws Exception {
        client.frame(HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff);
        endsWith(COMPRESSION_ERROR);
    }

    @Test
    void beginsWithThePrefaceAndGoesOnInHttp1() throws Exception {
        try (var confused = new RawHttp2(proxy.server().port())) {
            confused.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\nHost: app\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(confused.awaitFarewell().orElse(PROTOCOL_ERROR)).isIn(PROTOCOL_ERROR, FRAME_SIZE_ERROR);
        }
        assertThat(app.heads()).isEmpty();
    }

    /** Or a reset could overtake what it was told. */
    @Test
    void mayGoOnSendingForAWhileWhenItHasBeenToldWhyItIsEnded() throws Exception {
        flood(200, i -> bytes(SETTINGS, 0, 0));
        endsWith(ENHANCE_YOUR_CALM);
        assertThatCode(() -> client.frame(PING, 0, 0, new byte[8]).frame(PING, 0, 0, new byte[8]))
                .doesNotThrowAnyException();
    }

    /** A part of a body in each read, and otherwise nothing that is kept. */
    @Test
    void keepsNoMoreMemoryThanItsBodiesHave() throws Exception {
        proxy.judge().judgeAfter(Duration.ofMinutes(1));
        var before = usedDirectMemory();
        for (var stream = 1; stream < 32; stream += 2) {
            client.request(stream, false, "POST", "/");
        }
        for (var i = 0; i < 400; i++) {
            var read = new ByteArrayOutputStream();
            read.writeBytes(bytes(DATA, 0, 2 * (i % 16) + 1, new byte[1_500]));
            for (var filler = 0; filler < 4; filler++) {
                read.writeBytes(RawHttp2.unknown(16_000));
            }
            client.raw(read.toByteArray());
        }
        client.frame(PING, 0, 0, new byte[8]).await(PING);
        assertThat(usedDirectMemory() - before).isLessThan(4L << 20);
        proxy.judge().judgeAfter(Duration.ZERO);
    }

    @Test
    void leavesWithoutTakingItsAnswersAndNothingOfThemIsKept() throws Exception {
        var body = "x".repeat(ANSWER);
        app.playing((stream, frame) -> FakeHttp2App.answer(stream, "200", body));
        leaveAnswersUntaken(3);
        var before = usedDirectMemory();

        leaveAnswersUntaken(30);

        await().untilAsserted(() -> assertThat(usedDirectMemory() - before).isLessThan(10L * STREAMS * ANSWER));
    }

    private void leaveAnswersUntaken(int connections) throws Exception {
        for (var i = 0; i < connections; i++) {
            try (var leaving = RawHttp2.connect(proxy.server().port())) {
                leaving.frame(SETTINGS, 0, 0, NO_WINDOW);
                for (var stream = 0; stream < STREAMS; stream++) {
                    leaving.get(2 * stream + 1, "/");
                }
                for (var stream = 0; stream < STREAMS; stream++) {
                    leaving.awaitHeaders();
                }
                leaving.frame(PING, 0, 1, new byte[8]);
                assertThat(leaving.awaitFarewell()).hasValue(PROTOCOL_ERROR);
            }
        }
    }

    private static long usedDirectMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
