package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.Robustness;

/** Answers of the app that do not end where they say: nobody gets another's, and nobody takes half of one for a whole. */
@Robustness("answers of the app")
class AnswerTricksTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String FORGED = OK + "Content-Length: 6\r\n\r\nforged";
    private static final String GET = "GET / HTTP/1.1\r\nHost: app\r\n\r\n";

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** Gives the first request of each connection {@code first}, and the others an answer that is in order. */
    private void appAnswers(String first) {
        proxy.app().playing(connection -> {
            var answer = first;
            for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                connection.readBody(head);
                connection.send(answer);
                answer = OK + "Content-Length: 4\r\n\r\nnext";
            }
        });
    }

    private static Arguments row(String name, String answer) {
        return Arguments.of(name, answer);
    }

    static Stream<Arguments> senseless() {
        return Stream.of(
                row("bare CR in a header", OK + "X-A: b\rSet-Cookie: c\r\nContent-Length: 0\r\n\r\n"),
                row("NUL in a header", OK + "X-A: b\0c\r\nContent-Length: 0\r\n\r\n"),
                row("header without a colon", OK + "X-A\r\nContent-Length: 0\r\n\r\n"),
                row("header without a name", OK + ": a\r\nContent-Length: 0\r\n\r\n"),
                row("status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"),
                row("status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
                row("status 099", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"),
                row("status that is no number", "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"),
                row("negative status", "HTTP/1.1 -200 OK\r\nContent-Length: 0\r\n\r\n"),
                row("no status", "HTTP/1.1\r\nContent-Length: 0\r\n\r\n"),
                row("length of 2^64", OK + "Content-Length: 18446744073709551616\r\n\r\n"),
                row("length with a sign", OK + "Content-Length: +2\r\n\r\nhi"),
                row("head over 64 KiB", OK + "X-A: " + "a".repeat(70_000) + "\r\nContent-Length: 0\r\n\r\n"),
                row("switch of protocols that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
                row("HTTP/0.9", "hello\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}: 502")
    @MethodSource("senseless")
    void answers502ToWhatMakesNoSense(String name, String answer) throws IOException {
        appAnswers(answer);
        try (var client = proxy.client()) {
            var got = client.get("/");
            assertThat(got.status()).as(name).isEqualTo(502);
            assertThat(got.head()).doesNotContain("Set-Cookie");
        }
    }

    static Stream<Arguments> halves() {
        return Stream.of(
                row("chunk size that is no number", CHUNKED + "2\r\nhi\r\nzz\r\n"),
                row("chunk size with a sign", CHUNKED + "2\r\nhi\r\n+2\r\nhi\r\n0\r\n\r\n"),
                row("chunk size of 2^31", CHUNKED + "2\r\nhi\r\n80000000\r\n"),
                row("chunk longer than it says", CHUNKED + "2\r\nhi!\r\n0\r\n\r\n"),
                row("trailer without a colon", CHUNKED + "2\r\nhi\r\n0\r\nabc\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("halves")
    void abortsTheClientWhenTheRestMakesNoSense(String name, String answer) throws IOException {
        appAnswers(answer);
        try (var client = proxy.client()) {
            assertThat(client.send(GET).readHead().status()).as(name).isEqualTo(200);
            assertThat(isAborted(client)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\nhalf", "HTTP/1.0 200 OK\r\n\r\nhalf"})
    void abortsTheClientWhenAnAnswerUpToTheEndEndsWithAReset(String half) throws IOException {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(half);
            connection.in().readAllBytes();
        });
        for (var version : new String[] {"1.1", "1.0"}) {
            try (var client = proxy.client()) {
                client.send("GET / HTTP/" + version + "\r\nHost: app\r\n\r\n").readHead();
                proxy.app().resetAll();
                assertThat(isAborted(client)).as(version).isTrue();
            }
        }
    }

    private static boolean isAborted(RawClient client) throws IOException {
        try {
            client.in().readAllBytes();
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    static Stream<Arguments> longerThanTheySay() {
        return Stream.of(
                row("204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: " + FORGED.length() + "\r\n\r\n"),
                row("204 with chunks", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
                row("204", "HTTP/1.1 204 No Content\r\n\r\n"),
                row("304", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"),
                row("an empty answer", OK + "Content-Length: 0\r\n\r\n"),
                row("an answer of chunks", CHUNKED + "0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("longerThanTheySay")
    void givesNobodyWhatComesBehindAnAnswer(String name, String answer) throws IOException {
        appAnswers(answer + FORGED);
        try (var first = proxy.client();
                var second = proxy.client()) {
            for (var i = 0; i < 3; i++) {
                assertThat(first.send(GET).read().body()).as(name).isNotEqualTo("forged");
                assertThat(second.send(GET).read().body()).as(name).isNotEqualTo("forged");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void doesNotKeepTheConnectionOfABodyWhereNoneMayBe(String answer) throws IOException {
        appAnswers(answer);
        try (var client = proxy.client()) {
            for (var i = 0; i < 2; i++) {
                var head = client.send(GET).readHead();
                assertThat(head.status()).isEqualTo(204);
                assertThat(head.header("Content-Length") + head.header("Transfer-Encoding"))
                        .isEmpty();
            }
        }
        assertThat(proxy.app().connections()).isEqualTo(2);
    }

    @Test
    void survivesABodyInAnswerToAHead() throws IOException {
        appAnswers(OK + "Content-Length: 5\r\n\r\nhello");
        try (var client = proxy.client()) {
            for (var i = 0; i < 3; i++) {
                var head = client.send("HEAD / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
                assertThat(head.header("Content-Length")).isEqualTo("5");
            }
        }
    }

    @Test
    void cutsTheBodyOffAnAnswerThatMayHaveNone() throws IOException {
        appAnswers("HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nhi");
        try (var client = proxy.client()) {
            assertThat(client.send(GET).readHead().status()).isEqualTo(205);
            assertThat(client.get("/next").body()).isEqualTo("next");
        }
    }

    @Test
    void joinsAFoldedHeaderAndTakesTheSpaceBeforeAColonAway() throws IOException {
        appAnswers(OK + "X-A: b\r\n c\r\nX-B : d\r\nContent-Length: 0\r\n\r\n");
        try (var client = proxy.client()) {
            assertThat(client.get("/").head()).contains("X-A: b c\r\n").contains("X-B: d\r\n");
        }
    }

    @Test
    void passesOnStatusesThatNobodyKnows() throws IOException {
        appAnswers("HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n");
        try (var client = proxy.client()) {
            assertThat(client.get("/").head()).startsWith("HTTP/1.1 799 Odd\r\n");
        }
    }

    @Test
    void passesOnAllInterimAnswersBeforeTheLast() throws IOException {
        appAnswers("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + "HTTP/1.1 102 Processing\r\n\r\n"
                + OK + "Content-Length: 2\r\n\r\nhi");
        try (var client = proxy.client()) {
            var hints = client.send(GET).readHead();
            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.header("Link")).isEqualTo("</a.css>; rel=preload");
            assertThat(client.readHead().status()).isEqualTo(102);
            assertThat(client.read().body()).isEqualTo("hi");
            assertThat(client.get("/next").body()).isEqualTo("next");
        }
        assertThat(proxy.app().connections()).isEqualTo(1);
    }

    @Test
    void sparesAClientOfHttp10InterimAnswers() throws IOException {
        appAnswers("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK + "Content-Length: 2\r\n\r\nhi");
        try (var client = proxy.client()) {
            assertThat(client.send("GET / HTTP/1.0\r\nHost: app\r\n\r\n").readToEnd())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .doesNotContain("103");
        }
    }

    @Test
    void closesAfterAnAnswerThatCameBeforeTheBodyHadEnded() throws IOException {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(OK + "Content-Length: 5\r\n\r\nearly");
            connection.in().readAllBytes();
        });
        try (var client = proxy.client()) {
            var answer = client.send(
                            "POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 50000\r\n\r\n" + "a".repeat(40_000))
                    .read();
            assertThat(answer.body()).isEqualTo("early");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }
}
