package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sluice.limiter.proxy.RawHttp2.CANCEL;
import static sluice.limiter.proxy.RawHttp2.CONTINUATION;
import static sluice.limiter.proxy.RawHttp2.DATA;
import static sluice.limiter.proxy.RawHttp2.END_HEADERS;
import static sluice.limiter.proxy.RawHttp2.END_STREAM;
import static sluice.limiter.proxy.RawHttp2.HEADERS;
import static sluice.limiter.proxy.RawHttp2.NO_ERROR;
import static sluice.limiter.proxy.RawHttp2.PROTOCOL_ERROR;
import static sluice.limiter.proxy.RawHttp2.RST_STREAM;
import static sluice.limiter.proxy.RawHttp2.block;
import static sluice.limiter.proxy.RawHttp2.number;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.limiter.judge.Outcome;

/** A request of HTTP/2 is checked, judged and forwarded as one of HTTP/1.1 is. */
@SuppressWarnings("FutureReturnValueIgnored") // What the proxy does is what the tests look at.
class Http2RequestsTest {

    private FakeHttp2App app;
    private ProxyHarness proxy;
    private RawHttp2 client;

    @BeforeEach
    void start() throws IOException {
        app = new FakeHttp2App();
        proxy = new ProxyHarness(app.address());
        client = RawHttp2.connect(proxy.server().port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        proxy.close();
        app.close();
    }

    private static String sent(FakeHttp2App app, String name) {
        return String.valueOf(app.lastHead().get(name));
    }

    @Test
    void reachesTheAppAsHttp2() throws Exception {
        var answer = client.get(1, "/api/things?x=1").awaitHeaders();
        assertThat(answer.status()).hasToString("200");
        assertThat(client.await(DATA).text()).isEqualTo("hello");
        assertThat(sent(app, ":method")).isEqualTo("GET");
        assertThat(sent(app, ":path")).isEqualTo("/api/things?x=1");
        assertThat(sent(app, ":authority")).isEqualTo("app");
        assertThat(sent(app, ":scheme")).isEqualTo("http");
        assertThat(sent(app, "x-sluice-arm")).isEqualTo("candidate");
        assertThat(sent(app, "x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(sent(app, "x-forwarded-host")).isEqualTo("app");
        assertThat(app.lastHead().names()).doesNotContain("host", "connection", "transfer-encoding");
    }

    @Test
    void isMatchedByThePathThatIsForwarded() throws Exception {
        client.get(1, "/a/../api//%74hings").awaitHeaders();
        assertThat(proxy.judge().asked().getFirst().path()).isEqualTo("/api/things");
        assertThat(sent(app, ":path")).isEqualTo("/api/things");
    }

    @Test
    void losesWhatOnlyTheSidecarMaySay() throws Exception {
        client.request(
                        1,
                        true,
                        "GET",
                        "/",
                        "x-forwarded-for",
                        "9.9.9.9",
                        "x-sluice-arm",
                        "stable",
                        "x_forwarded_for",
                        "9.9.9.9",
                        "forwarded",
                        "for=9.9.9.9")
                .awaitHeaders();
        assertThat(sent(app, "x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(sent(app, "x-sluice-arm")).isEqualTo("candidate");
        assertThat(app.lastHead().names()).doesNotContain("x_forwarded_for", "forwarded");
    }

    @Test
    void hasItsCookieInOnePiece() throws Exception {
        client.request(1, true, "GET", "/", "cookie", "a=1", "cookie", "b=2").awaitHeaders();
        assertThat(app.lastHead().getAll("cookie")).hasToString("[a=1; b=2]");
    }

    @Test
    void carriesBodyAndTrailersBothWays() throws Exception {
        var body = new CopyOnWriteArrayList<String>();
        app.playing((stream, frame) -> {
            if (frame instanceof Http2DataFrame data) {
                body.add(data.content().toString(StandardCharsets.UTF_8));
            }
            if (FakeHttp2App.ends(frame)) {
                FakeHttp2App.head(stream, "200", false);
                stream.write(new DefaultHttp2DataFrame(
                        stream.alloc().buffer().writeBytes("answer".getBytes(StandardCharsets.UTF_8))));
                stream.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().add("x-sum", "2"), true));
            }
        });
        client.request(1, false, "POST", "/").data(1, false, "some ").data(1, false, "thing");
        client.frame(HEADERS, END_HEADERS | END_STREAM, 1, block("x-sum", "1", "x-sluice-arm", "stable"));
        assertThat(client.awaitHeaders().status()).hasToString("200");
        assertThat(client.await(DATA).text()).isEqualTo("answer");
        assertThat(client.awaitHeaders().get("x-sum")).hasToString("2");
        assertThat(String.join("", body)).isEqualTo("some thing");
        assertThat(sent(app, "x-sum")).isEqualTo("1");
        assertThat(app.lastHead().names()).doesNotContain("x-sluice-arm");
    }

    @Test
    void isAnsweredInOneFrameWhenTheAppDoesSo() throws Exception {
        app.playing((stream, frame) -> FakeHttp2App.head(stream, "204", true));
        var frame = client.get(1, "/").await(HEADERS);
        assertThat(frame.endsStream()).isTrue();
    }

    @Test
    void passesInterimAnswersOn() throws Exception {
        app.playing((stream, frame) -> {
            if (!FakeHttp2App.ends(frame)) {
                FakeHttp2App.head(stream, "100", false);
            } else {
                FakeHttp2App.answer(stream, "200", "done");
            }
        });
        client.request(1, false, "POST", "/", "expect", "100-continue");
        assertThat(client.awaitStatusOrReset()).isEqualTo(100);
        client.data(1, true, "body");
        assertThat(client.awaitStatusOrReset()).isEqualTo(200);
    }

    @Test
    void isToldItsLimit() throws Exception {
        proxy.judge().says(new Outcome.Allow(Optional.of(FakeJudge.API)));
        assertThat(client.get(1, "/").awaitHeaders().get("ratelimit")).hasToString("\"api\";r=12;t=8");
    }

    @Test
    void isThrottledWith429() throws Exception {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.of(Duration.ofSeconds(3))));
        var answer = client.request(1, false, "POST", "/").awaitHeaders();
        assertThat(answer.status()).hasToString("429");
        assertThat(answer.get("retry-after")).hasToString("3");
        assertThat(answer.get("content-type")).hasToString("application/problem+json");
        assertThat(answer.names()).doesNotContain("connection");
        assertThat(client.await(DATA).text()).contains("quota-exceeded");
        // What the client goes on sending is not wanted, and it is told so.
        assertThat(client.await(RST_STREAM).code()).isEqualTo(NO_ERROR);
        assertThat(app.heads()).isEmpty();
    }

    static Stream<Arguments> unsoundHeads() {
        var sound = List.of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "app");
        return Stream.of(
                Arguments.of("no method", without(sound, ":method")),
                Arguments.of("no scheme", without(sound, ":scheme")),
                Arguments.of("no path", without(sound, ":path")),
                Arguments.of("no host", without(sound, ":authority")),
                Arguments.of("an empty path", with(without(sound, ":path"), ":path", "")),
                Arguments.of("a whole address", with(without(sound, ":path"), ":path", "http://app/")),
                Arguments.of("a blank in the path", with(without(sound, ":path"), ":path", "/a b")),
                Arguments.of("a line break in the path", with(without(sound, ":path"), ":path", "/a\r\nx: y")),
                Arguments.of("another scheme", with(without(sound, ":scheme"), ":scheme", "file")),
                Arguments.of("credentials in the host", with(without(sound, ":authority"), ":authority", "a@app")),
                Arguments.of("a blank in the method", with(without(sound, ":method"), ":method", "GET /")),
                Arguments.of("two paths", with(sound, ":path", "/b")),
                Arguments.of("a pseudo-header that is unknown", with(sound, ":strange", "1")),
                Arguments.of("a pseudo-header of answers", with(sound, ":status", "200")),
                Arguments.of(
                        "a pseudo-header that is late", with(with(without(sound, ":path"), "x-a", "1"), ":path", "/")),
                Arguments.of("upper case", with(sound, "X-Upper", "1")),
                Arguments.of("a blank in a name", with(sound, "x upper", "1")),
                Arguments.of("a colon in a name", with(sound, "x:upper", "1")),
                Arguments.of("a line break in a value", with(sound, "x-a", "1\r\nx-sluice-arm: stable")),
                Arguments.of("a NUL in a value", with(sound, "x-a", "1\0")),
                Arguments.of("a blank before a value", with(sound, "x-a", " 1")),
                Arguments.of("Connection", with(sound, "connection", "x-user-id")),
                Arguments.of("Keep-Alive", with(sound, "keep-alive", "1")),
                Arguments.of("Transfer-Encoding", with(sound, "transfer-encoding", "chunked")),
                Arguments.of("Upgrade", with(sound, "upgrade", "websocket")),
                Arguments.of("TE of more than trailers", with(sound, "te", "gzip")),
                Arguments.of("another host beside", with(sound, "host", "other")),
                Arguments.of("two lengths", with(with(sound, "content-length", "0"), "content-length", "1")),
                Arguments.of("a length with a sign", with(sound, "content-length", "+0")),
                Arguments.of("a length without a body", with(sound, "content-length", "5")));
    }

    private static List<String> with(List<String> fields, String name, String value) {
        return Stream.concat(fields.stream(), Stream.of(name, value)).toList();
    }

    private static List<String> without(List<String> fields, String name) {
        var at = fields.indexOf(name);
        return Stream.concat(fields.stream().limit(at), fields.stream().skip(at + 2))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsoundHeads")
    void isRefusedWhenItsHeadHas(String what, List<String> fields) throws Exception {
        client.frame(HEADERS, END_HEADERS | END_STREAM, 1, block(fields.toArray(String[]::new)));
        assertThat(client.awaitStatusOrReset()).isIn(400L, -PROTOCOL_ERROR);
        assertThat(client.get(3, "/next").awaitStatusOrReset()).isEqualTo(200);
        assertThat(app.heads()).hasSize(1);
    }

    @Test
    void isRefusedWhenItsBodyIsLongerThanItSaid() throws Exception {
        client.request(1, false, "POST", "/", "content-length", "3");
        await().until(() -> app.heads().size() == 1);
        client.data(1, true, "four");
        assertThat(client.awaitStatusOrReset()).isEqualTo(-PROTOCOL_ERROR);
        assertThat(app.nextReset()).isEqualTo(CANCEL);
    }

    @ParameterizedTest
    @CsvSource({"CONNECT,405", "TRACE,405", "get,400"})
    void isRefusedByItsMethod(String method, int status) throws Exception {
        assertThat(client.request(1, true, method, "/").awaitStatusOrReset()).isIn((long) status, -PROTOCOL_ERROR);
        assertThat(app.heads()).isEmpty();
    }

    @Test
    void cannotBecomeAWebSocket() throws Exception {
        client.frame(
                HEADERS,
                END_HEADERS,
                1,
                block(
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "http",
                        ":path",
                        "/",
                        ":authority",
                        "app"));
        assertThat(client.awaitStatusOrReset()).isIn(405L, -PROTOCOL_ERROR);
        assertThat(app.heads()).isEmpty();
    }

    @Test
    void isRefusedWithAHeaderOver8KiB() throws Exception {
        assertThat(client.request(1, true, "GET", "/", "x-long", "a".repeat(9_000))
                        .awaitStatusOrReset())
                .isEqualTo(431);
        assertThat(app.heads()).isEmpty();
    }

    @Test
    void isRefusedWithAPathOver8KiB() throws Exception {
        assertThat(client.request(1, true, "GET", "/" + "a".repeat(9_000)).awaitStatusOrReset())
                .isEqualTo(414);
    }

    @Test
    void isRefusedAndLoggedWithHeadersOver32KiBTogether() throws Exception {
        var fields = new ArrayList<>(List.of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "app"));
        for (var i = 0; i < 5; i++) {
            fields.addAll(List.of("x-long-" + i, "a".repeat(7_000)));
        }
        var head = block(fields.toArray(String[]::new));
        client.frame(HEADERS, END_STREAM, 1, Arrays.copyOf(head, 16_000));
        client.frame(CONTINUATION, 0, 1, Arrays.copyOfRange(head, 16_000, 32_000));
        client.frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(head, 32_000, head.length));
        assertThat(client.awaitStatusOrReset()).isEqualTo(431);
        client.await(RST_STREAM);
        assertThat(client.get(3, "/next").awaitStatusOrReset()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(proxy.logLines())
                .satisfiesExactly(
                        refused -> assertThat(refused).contains("\"status_code\":431", "\"path\":\"-\""),
                        served -> assertThat(served).contains("\"status_code\":200", "\"path\":\"/next\"")));
        assertThat(app.heads()).hasSize(1);
    }

    @Test
    void isLoggedOnceWhenItIsRefused() throws Exception {
        client.request(1, true, "TRACE", "/refused").awaitStatusOrReset();
        await().untilAsserted(() ->
                assertThat(proxy.logLines()).singleElement().asString().contains("\"status_code\":405"));
    }

    @Test
    void isResetAtTheAppWhenTheClientResetsIt() throws Exception {
        var begun = new AtomicInteger();
        app.playing((stream, frame) -> begun.incrementAndGet());
        client.get(1, "/");
        await().until(() -> begun.get() == 1);
        client.frame(RST_STREAM, 0, 1, number(CANCEL));
        assertThat(app.nextReset()).isEqualTo(CANCEL);
        await().untilAsserted(() ->
                assertThat(proxy.logLines()).singleElement().asString().contains("\"status_code\":499"));
    }

    @Test
    void isResetWhenTheAppResetsItsAnswer() throws Exception {
        app.playing((stream, frame) -> {
            FakeHttp2App.head(stream, "200", false);
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        });
        client.get(1, "/");
        assertThat(client.await(RST_STREAM).stream()).isEqualTo(1);
        await().untilAsserted(() ->
                assertThat(proxy.logLines()).singleElement().asString().contains("\"status_code\":502"));
    }

    @Test
    void is502WhenTheAppResetsItUnanswered() throws Exception {
        app.playing((stream, frame) -> stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR)));
        assertThat(client.get(1, "/").awaitStatusOrReset()).isEqualTo(502);
    }

    @Test
    void isAnsweredThoughOthersGiveManyUpOfWhichAnAppEndsAConnection() throws Exception {
        var slow = new CompletableFuture<Channel>();
        app.playing((stream, frame) -> {
            if (frame instanceof Http2HeadersFrame head
                    && "/slow".contentEquals(head.headers().path())) {
                slow.complete(stream);
            }
        });
        client.get(1, "/slow");
        var answered = slow.get(30, TimeUnit.SECONDS);
        for (var crowd = 1; crowd <= 4; crowd++) {
            var heads = 1 + crowd * Http2Codecs.MAX_STREAMS;
            try (var other = RawHttp2.connect(proxy.server().port())) {
                for (var stream = 0; stream < Http2Codecs.MAX_STREAMS; stream++) {
                    other.get(2 * stream + 1, "/given-up");
                }
                await().until(() -> app.heads().size() == heads);
            }
            for (var stream = 0; stream < Http2Codecs.MAX_STREAMS; stream++) {
                assertThat(app.nextReset()).isNotNegative();
            }
        }
        FakeHttp2App.answer(answered, "200", "at last");
        assertThat(client.awaitStatusOrReset()).isEqualTo(200);
    }

    @Test
    void isSentAgainOnceWhenTheAppRefusedIt() throws Exception {
        var tries = new AtomicInteger();
        app.playing((stream, frame) -> {
            if (tries.incrementAndGet() == 1) {
                stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
            } else {
                FakeHttp2App.answerAll(stream, frame);
            }
        });
        assertThat(client.request(1, true, "POST", "/").awaitStatusOrReset()).isEqualTo(200);
        assertThat(tries).hasValue(2);
    }

    @Test
    void isNotSentAgainWhenTheAppFailedIt() throws Exception {
        var tries = new AtomicInteger();
        app.playing((stream, frame) -> {
            tries.incrementAndGet();
            stream.parent().close();
        });
        assertThat(client.request(1, true, "POST", "/").awaitStatusOrReset()).isEqualTo(502);
        assertThat(tries).hasValue(1);
    }

    @Test
    void findsANewConnectionWhenTheAppHasClosedTheOldOne() throws Exception {
        assertThat(client.get(1, "/").awaitStatusOrReset()).isEqualTo(200);
        app.connections().getFirst().close().sync();
        assertThat(client.request(3, true, "POST", "/").awaitStatusOrReset()).isEqualTo(200);
        assertThat(app.connections()).hasSize(2);
    }

    @Test
    void takesAnotherConnectionWhenTheAppTakesNoMoreStreams() throws Exception {
        try (var narrow = new FakeHttp2App(Http2Settings.defaultSettings().maxConcurrentStreams(2));
                var before = new ProxyHarness(narrow.address());
                var own = RawHttp2.connect(before.server().port())) {
            narrow.playing((stream, frame) -> {});
            for (var stream = 1; stream < 10; stream += 2) {
                own.get(stream, "/" + stream);
            }
            await().untilAsserted(() -> assertThat(narrow.heads()).hasSize(5));
            assertThat(narrow.connections()).hasSizeBetween(3, 5);
        }
    }

    @Test
    void answers502ForAsLongAsTheAppTakesNoStreams() throws Exception {
        try (var closed = new FakeHttp2App(Http2Settings.defaultSettings().maxConcurrentStreams(0));
                var before = new ProxyHarness(closed.address());
                var own = RawHttp2.connect(before.server().port())) {
            for (var stream = 1; stream < 10; stream += 2) {
                assertThat(own.get(stream, "/" + stream).awaitStatusOrReset()).isEqualTo(502);
            }
            assertThat(closed.connections()).hasSizeLessThanOrEqualTo(5);
            await().untilAsserted(() -> assertThat(closed.connections()).noneMatch(Channel::isActive));
        }
    }

    @Test
    void sharesOneConnectionWithOthers() throws Exception {
        try (var other = RawHttp2.connect(proxy.server().port())) {
            client.get(1, "/").awaitHeaders();
            other.get(1, "/").awaitHeaders();
        }
        assertThat(app.connections()).hasSize(1);
    }

    @Test
    void doesNotWaitForOneWhoseAnswerIsNotRead() throws Exception {
        var taken = new AtomicInteger();
        app.playing((stream, frame) -> answerLargely(stream, taken));
        // Never read: the answers to these get as far as the windows let them.
        for (var stream = 1; stream < 40; stream += 2) {
            client.get(stream, "/large");
        }
        try (var other = RawHttp2.connect(proxy.server().port())) {
            for (var stream = 1; stream < 40; stream += 2) {
                assertThat(other.get(stream, "/small").awaitStatusOrReset()).isEqualTo(200);
            }
        }
        // Of each a window's worth and what is on its way, not all 100 pieces.
        assertThat(taken.get() / 40).isLessThan(20);
    }

    private static void answerLargely(Channel stream, AtomicInteger taken) {
        FakeHttp2App.head(stream, "200", false);
        for (var i = 0; i < 100; i++) {
            stream.write(new DefaultHttp2DataFrame(stream.alloc().buffer().writeZero(16_000)))
                    .addListener(written -> taken.addAndGet(written.isSuccess() ? 1 : 0));
        }
        stream.flush();
    }

    @Test
    void isFinishedBeforeADrainedConnectionCloses() throws Exception {
        var held = new CompletableFuture<Channel>();
        app.playing((stream, frame) -> held.complete(stream));
        client.get(1, "/");
        var stream = held.get(15, TimeUnit.SECONDS);
        proxy.server().drain();
        var announced = client.await(RawHttp2.GOAWAY);
        assertThat(announced.lastStream()).isEqualTo(Integer.MAX_VALUE);
        assertThat(announced.code()).isEqualTo(NO_ERROR);
        app.playing(FakeHttp2App::answerAll);
        assertThat(client.get(3, "/on-its-way").awaitStatusOrReset()).isEqualTo(200);
        assertThat(client.await(RawHttp2.GOAWAY).lastStream()).isEqualTo(3);
        FakeHttp2App.answer(stream, "200", "late");
        assertThat(client.awaitStatusOrReset()).isEqualTo(200);
        assertThat(client.awaitFarewell()).isEmpty();
    }

    @Test
    void isTimedOutWhenTheAppDoesNotAnswer() throws Exception {
        try (var strict = new ProxyHarness(Timeouts.response(Duration.ofMillis(300)), app.address());
                var own = RawHttp2.connect(strict.server().port())) {
            app.playing((stream, frame) -> {});
            assertThat(own.get(1, "/").awaitStatusOrReset()).isEqualTo(504);
            assertThat(app.nextReset()).isEqualTo(CANCEL);
        }
    }

    @Test
    void isTimedOutWhenItsBodyDoesNotCome() throws Exception {
        try (var strict = new ProxyHarness(Timeouts.body(Duration.ofMillis(300)), app.address());
                var own = RawHttp2.connect(strict.server().port())) {
            assertThat(own.request(1, false, "POST", "/").awaitStatusOrReset()).isEqualTo(408);
        }
    }

    @Test
    void closesAnIdleConnectionInOrder() throws Exception {
        try (var strict = new ProxyHarness(Timeouts.idle(Duration.ofSeconds(1)), app.address());
                var own = RawHttp2.connect(strict.server().port())) {
            own.get(1, "/").awaitHeaders();
            assertThat(own.awaitFarewell()).hasValue(NO_ERROR);
        }
    }
}
