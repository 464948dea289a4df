package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is between the client and the app is left to them: ranges, conditions, options, methods. */
class PassingThroughTest {

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
    void aRangeAndItsPart() throws IOException {
        proxy.appAnswers("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-3/10\r\nAccept-Ranges: bytes\r\n"
                + "Content-Length: 2\r\n\r\ncd");
        try (var client = proxy.client()) {
            var answer = client.send("GET /file HTTP/1.1\r\nHost: app\r\nRange: bytes=2-3\r\nIf-Range: \"a\"\r\n\r\n")
                    .read();
            assertThat(answer.status()).isEqualTo(206);
            assertThat(answer.body()).isEqualTo("cd");
            assertThat(answer.header("Content-Range")).isEqualTo("bytes 2-3/10");
            assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
        }
        assertThat(proxy.app().lastHead()).contains("Range: bytes=2-3\r\n").contains("If-Range: \"a\"\r\n");
    }

    @Test
    void aRangeThatCannotBeHad() throws IOException {
        proxy.appAnswers(
                "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\nContent-Length: 0\r\n\r\n");
        try (var client = proxy.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: app\r\nRange: bytes=20-\r\n\r\n")
                            .read()
                            .header("Content-Range"))
                    .isEqualTo("bytes */10");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "If-None-Match,W/\"a\"",
        "If-Match,*",
        "If-Modified-Since,'Wed, 25 Nov 2026 10:00:00 GMT'",
        "If-Unmodified-Since,'Wed, 25 Nov 2026 10:00:00 GMT'"
    })
    void aConditionAndItsAnswerWithTheLengthThatItTells(String condition, String value) throws IOException {
        proxy.appAnswers("HTTP/1.1 304 Not Modified\r\nETag: W/\"a\"\r\nContent-Length: 10\r\n\r\n");
        try (var client = proxy.client()) {
            for (var i = 0; i < 2; i++) {
                var answer = client.send("GET / HTTP/1.1\r\nHost: app\r\n" + condition + ": " + value + "\r\n\r\n")
                        .readHead();
                assertThat(answer.status()).isEqualTo(304);
                assertThat(answer.header("ETag")).isEqualTo("W/\"a\"");
                assertThat(answer.header("Content-Length")).isEqualTo("10");
            }
        }
        assertThat(Wire.header(condition, proxy.app().lastHead())).contains(value);
        assertThat(proxy.app().connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY"})
    void methodsWithAndWithoutABody(String method) throws IOException {
        try (var client = proxy.client()) {
            var line = method + " /x HTTP/1.1\r\nHost: app\r\n";
            assertThat(client.send(line + "\r\n").read().body()).isEmpty();
            assertThat(client.send(line + "Content-Length: 2\r\n\r\nhi").read().body())
                    .isEqualTo("hi");
            assertThat(client.send(line + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
                            .read()
                            .body())
                    .isEqualTo("hi");
        }
        assertThat(proxy.app().heads()).hasSize(3).allMatch(head -> head.startsWith(method + " /x HTTP/1.1\r\n"));
    }

    @Test
    void aHeadWithWhateverFramingItsGetWouldHave() throws IOException {
        proxy.appAnswers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: \"a\"\r\n\r\n");
        try (var client = proxy.client()) {
            for (var i = 0; i < 2; i++) {
                var answer = client.send("HEAD / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("ETag")).isEqualTo("\"a\"");
            }
        }
    }

    @Test
    void cookiesOneByOneAndAcceptAsItCame() throws IOException {
        proxy.appAnswers(
                "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nVary: Accept\r\nContent-Length: 0\r\n\r\n");
        try (var client = proxy.client()) {
            var answer = client.send(
                            "GET / HTTP/1.1\r\nHost: app\r\nAccept: a\r\nAccept: b\r\nCookie: c=3; d=4\r\n\r\n")
                    .read();
            assertThat(answer.head()).contains("Set-Cookie: a=1\r\n").contains("Set-Cookie: b=2\r\n");
        }
        assertThat(proxy.app().lastHead())
                .contains("Accept: a\r\n")
                .contains("Accept: b\r\n")
                .contains("Cookie: c=3; d=4\r\n");
    }
}
