package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.Robustness;

/** What two parsers could read differently must not get through. */
@Robustness("HTTP at the sidecar")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrictParsingTest {

    private static final String POST = "POST /p HTTP/1.1\r\nHost: app\r\n";

    private ProxyHarness proxy;

    @BeforeAll
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterAll
    void stop() {
        proxy.close();
    }

    private static Arguments row(String name, int status, String request) {
        return Arguments.of(name, status, request);
    }

    private static String get(String lines) {
        return "GET / HTTP/1.1\r\n" + lines + "\r\n";
    }

    static Stream<Arguments> malformedHeads() {
        return Stream.of(
                row(
                        "length and chunks (CL.TE, TE.CL)",
                        400,
                        POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                row(
                        "two codings (TE.TE)",
                        400,
                        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
                row("chunked twice", 400, POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
                row("unknown coding", 400, POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                row("coding before chunked", 400, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                row(
                        "chunked after a control character",
                        400,
                        POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                row(
                        "chunked in HTTP/1.0",
                        400,
                        "POST / HTTP/1.0\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                row("two lengths", 400, POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
                row("two equal lengths", 400, POST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"),
                row("list of lengths", 400, POST + "Content-Length: 1, 1\r\n\r\na"),
                row("length +5", 400, POST + "Content-Length: +5\r\n\r\nabcde"),
                row("length -1", 400, POST + "Content-Length: -1\r\n\r\n"),
                row("length 0x5", 400, POST + "Content-Length: 0x5\r\n\r\nabcde"),
                row("length 1_0", 400, POST + "Content-Length: 1_0\r\n\r\nabcdeabcde"),
                row("length beyond 64 bits", 400, POST + "Content-Length: 99999999999999999999\r\n\r\n"),
                row("folded header", 400, get("Host: app\r\nX-A: b\r\n c\r\n")),
                row("folded header with a tab", 400, get("Host: app\r\nX-A: b\r\n\tc\r\n")),
                row("folded first header", 400, "GET / HTTP/1.1\r\n Host: app\r\n\r\n"),
                row("space before the colon", 400, get("Host : app\r\n")),
                row("header without a colon", 400, get("Host: app\r\nX-A\r\n")),
                row("header without a name", 400, get("Host: app\r\n: a\r\n")),
                row("bare LF after the request line", 400, "GET / HTTP/1.1\nHost: app\r\n\r\n"),
                row("bare LF after a header", 400, get("Host: app\nX-A: b\r\n")),
                row("bare LF as the blank line", 400, "GET / HTTP/1.1\r\nHost: app\r\n\n"),
                row("bare CR in a header", 400, get("Host: app\r\nX-A: b\rc\r\n")),
                row("bare CR in the request line", 400, "GET /\rHTTP/1.1\r\nHost: app\r\n\r\n"),
                row("NUL in a header", 400, get("Host: app\r\nX-A: b\0c\r\n")),
                row("NUL in a name", 400, get("Host: app\r\nX\0A: b\r\n")),
                row("NUL in the target", 400, "GET /\0 HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("no Host", 400, get("")),
                row("empty Host", 400, get("Host:\r\n")),
                row("Host with two ports", 400, get("Host: app:80:81\r\n")),
                row("Host with a port that is none", 400, get("Host: app:http\r\n")),
                row("Host with brackets that do not end", 400, get("Host: [::1\r\n")),
                row("Host with more behind its brackets", 400, get("Host: [::1]app\r\n")),
                row("Host of nothing but a port", 400, get("Host: :80\r\n")),
                row("two Hosts", 400, get("Host: app\r\nHost: app\r\n")),
                row("list of Hosts", 400, get("Host: app, other\r\n")),
                row("Host with a path", 400, get("Host: app/other\r\n")),
                row("Host with a user", 400, get("Host: me@app\r\n")),
                row("absolute form for another host", 400, "GET http://other/ HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("absolute form without a host", 400, "GET http:/// HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("absolute form of HTTP/1.0 for a list of hosts", 400, "GET http://other,app/ HTTP/1.0\r\n\r\n"),
                row("absolute form of HTTP/1.0 with a user", 400, "GET http://me@app/ HTTP/1.0\r\n\r\n"),
                row("absolute form of HTTP/1.0 with a control character", 400, "GET http://a\u0001b/ HTTP/1.0\r\n\r\n"),
                row("absolute form of HTTP/1.0 with DEL", 400, "GET http://a\u007fb/ HTTP/1.0\r\n\r\n"),
                row("absolute form of another scheme", 400, "GET ftp://app/ HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("target without a slash", 400, "GET index.html HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("asterisk of GET", 400, "GET * HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("fragment", 400, "GET /a#b HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("two spaces", 400, "GET  / HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("tab for a space", 400, "GET\t/ HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("vertical tab for a space", 400, "GET /\u000bHTTP/1.1\r\nHost: app\r\n\r\n"),
                row("space in the target", 400, "GET /a b HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("space before the method", 400, " GET / HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("lower-case method", 400, "get / HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("HTTP/0.9", 400, "GET /\r\n\r\n"),
                row("HTTP/1.2", 400, "GET / HTTP/1.2\r\nHost: app\r\n\r\n"),
                row("half an HTTP/2 preface", 400, "PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n"),
                row("lower-case version", 400, "GET / http/1.1\r\nHost: app\r\n\r\n"),
                row("encoded NUL", 400, "GET /a%00b HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("malformed escape", 400, "GET /a%zzb HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("path out of its root", 400, "GET /../etc HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("encoded path out of its root", 400, "GET /a/%2e%2e/%2E./etc HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("path out of its root by an encoded slash", 400, "GET /a/..%2f.. HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("dots with a parameter", 400, "GET /a/..;x/etc HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("dots with an encoded parameter", 400, "GET /a/%2e.%3bx/etc HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("a dot with a parameter", 400, "GET /a/.;x HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("WebSocket draft 76", 400, get("Host: app\r\nSec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b\r\n")),
                row("bare LF before the request line", 400, "\nGET /o HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("bare CR before the request line", 400, "\rGET /o HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("bare LF behind an empty line", 400, "\r\n\nGET /o HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("two CRs before the request line", 400, "\r\r\nGET /o HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("NUL before the request line", 400, "\0GET /o HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("vertical tab before the request line", 400, "\u000bGET /o HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("Host with a port over 65535", 400, get("Host: app:65536\r\n")),
                row("Host with a port of ten digits", 400, get("Host: app:4294967376\r\n")),
                row("Host with an escaped NUL", 400, get("Host: a%00b\r\n")),
                row("Host with an escaped DEL", 400, get("Host: a%7fb\r\n")),
                row("Host with an escaped space", 400, get("Host: a%20b\r\n")),
                row("Host with half an escape", 400, get("Host: a%2\r\n")),
                row("CONNECT", 405, "CONNECT app:80 HTTP/1.1\r\nHost: app:80\r\n\r\n"),
                row("TRACE", 405, "TRACE / HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("unknown expectation", 417, POST + "Expect: a-miracle\r\nContent-Length: 1\r\n\r\na"),
                row("target over 8 KiB", 414, "GET /" + "a".repeat(8192) + " HTTP/1.1\r\nHost: app\r\n\r\n"),
                row("endless request line", 414, "GET /" + "a".repeat(20_000)),
                row("header over 8 KiB", 431, get("Host: app\r\nX-A: " + "a".repeat(8192) + "\r\n")),
                row("headers over 32 KiB", 431, get("Host: app\r\n" + ("X-A: " + "a".repeat(4000) + "\r\n").repeat(9))),
                row("201 headers", 431, get("Host: app\r\n" + "X: y\r\n".repeat(200))),
                row(
                        "headers of one letter without end",
                        431,
                        "GET / HTTP/1.1\r\nHost: app\r\n" + "X:\r\n".repeat(8_000)),
                row("endless header", 431, "GET / HTTP/1.1\r\nHost: app\r\nX-A: " + "a".repeat(40_000)));
    }

    /** As those do that send all of their request before they read; longer than a client is waited for that says nothing. */
    @Test
    void leavesItsAnswerToAClientThatGoesOnSending() throws IOException, InterruptedException {
        var lingering = ProxyTuning.from(Map.of("SLUICE_LINGER_TIMEOUT", "2s"));
        try (var proxy = new ProxyHarness(lingering);
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\nX-A: " + "a".repeat(40_000));
            for (var i = 0; i < 80; i++) {
                client.send("a");
                Thread.sleep(50);
            }
            assertThat(client.read().status()).isEqualTo(431);
        }
    }

    @Test
    void takesAsManyHeadersAsAnybodyHasUseFor() throws IOException {
        try (var client = proxy.client()) {
            var answer =
                    client.send(get("Host: app\r\n" + "X: y\r\n".repeat(199))).read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(client.send(get("Host: app\r\n" + "X: y\r\n".repeat(199)))
                            .read()
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("malformedHeads")
    void refusesAndClosesAndTheAppHearsNothing(String name, int status, String request) throws IOException {
        var before = proxy.app().heads().size();
        try (var client = proxy.client()) {
            var answer = client.send(request).read();
            assertThat(answer.status()).as(name).isEqualTo(status);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(client.isClosedInOrder()).isTrue();
        }
        assertThat(proxy.app().heads()).hasSize(before);
    }

    static Stream<Arguments> malformedChunks() {
        return Stream.of(
                Arguments.of("size 0x5", "0x5\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("size +5", "+5\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("size -5", "-5\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("size 1_0", "1_0\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("empty size", "\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("size beyond 32 bits", "100000000\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("size beyond 64 bits", "10000000000000005\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("LF in an extension", "5;a\nb\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("bare LF after the size", "5\nabcde\r\n0\r\n\r\n"),
                Arguments.of("more than announced", "5\r\nabcdefg\r\n0\r\n\r\n"),
                Arguments.of("folded trailer", "0\r\nX-A: b\r\n c\r\n\r\n"),
                Arguments.of("trailer folded with a tab", "0\r\nX-A: b\r\n\tc\r\n\r\n"),
                Arguments.of("folded first trailer", "0\r\n X-A: b\r\n\r\n"),
                Arguments.of("folded trailer behind more zeros", "5\r\nabcde\r\n000;a=b\r\nX-A: b\r\n c\r\n\r\n"),
                Arguments.of("trailer over 8 KiB", "0\r\nX-A: " + "a".repeat(8190) + "\r\n\r\n"),
                Arguments.of("trailer without a colon", "0\r\nabc\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedChunks")
    void refusesAMalformedChunk(String name, String chunks) throws IOException {
        try (var client = proxy.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks
                    + "GET /smuggled HTTP/1.1\r\nHost: app\r\n\r\n");
            assertThat(client.read().status()).as(name).isEqualTo(400);
            assertThat(client.isClosedInOrder()).isTrue();
        }
        assertThat(proxy.app().heads()).noneMatch(head -> head.contains("/smuggled"));
    }

    @Test
    void answersTheGoodRequestsOfAPipelineBeforeItRefusesTheBadOne() throws IOException {
        var good = "GET /good HTTP/1.1\r\nHost: app\r\n\r\n";
        try (var client = proxy.client()) {
            client.send(good + good + "GET /bad HTTP/1.1\r\nHost : app\r\n\r\n" + good);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }

    @Test
    void refusesAFoldThatComesInALaterPacket() throws IOException {
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\nX-A: b\r\n").send(" c\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(400);
        }
    }

    @Test
    void refusesATrailersFoldThatComesInALaterPacket() throws IOException {
        for (var split :
                List.of("0\r\n| X-A: b\r\n\r\n", "0\r\nX-A: b\r\n| c\r\n\r\n", "0|\r\nX-A: b\r\n |c\r\n\r\n")) {
            try (var client = proxy.client()) {
                client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
                for (var part : split.split("\\|", -1)) {
                    client.send(part);
                }
                assertThat(client.read().status()).as(split).isEqualTo(400);
                assertThat(client.isClosedInOrder()).isTrue();
            }
        }
    }

    @Test
    void takesDataThatLookLikeFoldsAndTrailersUpToTheirLimit() throws IOException {
        try (var client = proxy.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n")
                    .send("6\r\n0\r\n a\n\r\n")
                    .send("a\r\n b\r\n\tcdefg\r\n00\r\nX-A: " + "a".repeat(8189) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.get("/next").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a!b", "a$&'()*+;=b", "a_b", "app:", "app:65535", "a%41b", "[::1]:80", "192.0.2.1"})
    void takesEveryHostThatMayBeOne(String host) throws IOException {
        try (var client = proxy.client()) {
            assertThat(client.send(get("Host: " + host + "\r\n")).read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void takesAHeadByteByByteAndLineBreaksBeforeIt() throws IOException {
        try (var client = proxy.client()) {
            for (var c : "\r\n\r\nGET /slow HTTP/1.1\r\nHost: app\r\nX-A: b\r\n\r\n".toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void takesHeadersUpToTheirLimits() throws IOException {
        try (var client = proxy.client()) {
            client.send("GET /" + "a".repeat(8191) + " HTTP/1.1\r\nHost: app\r\nX-A: " + "a".repeat(8189) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void logsWhatItRefusesWithoutAJudgement() throws IOException {
        try (var client = proxy.client()) {
            client.send("TRACE /refused?secret HTTP/1.1\r\nHost: app\r\n\r\n").read();
        }
        await().untilAsserted(() -> assertThat(proxy.logLines())
                .anySatisfy(line -> assertThat(line)
                        .contains(
                                "\"path\":\"/refused\"",
                                "\"status_code\":405",
                                "\"rate_limit_state\":null",
                                "\"arm\":null")));
    }
}
