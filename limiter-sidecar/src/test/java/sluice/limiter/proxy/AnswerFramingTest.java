package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import sluice.limiter.Robustness;

/** What apps get away with when clients talk to them directly goes on working; what the client gets is framed in one way only. */
@Robustness("answers of the app")
class AnswerFramingTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKS = "2\r\nhi\r\n0\r\n\r\n";

    private static Arguments row(String name, String framing, String answer) {
        return Arguments.of(name, framing, answer);
    }

    static final List<Arguments> FORGIVEN = List.of(
            row("two equal lengths", "Content-Length: 2", OK + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi"),
            row("a list of equal lengths", "Content-Length: 2", OK + "Content-Length: 2, 2\r\n\r\nhi"),
            row(
                    "chunks and a length",
                    "Transfer-Encoding: chunked",
                    OK + "Transfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n" + CHUNKS),
            row(
                    "a length and chunks",
                    "Transfer-Encoding: chunked",
                    OK + "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS),
            row(
                    "chunks in HTTP/1.0",
                    "Transfer-Encoding: chunked",
                    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS),
            row(
                    "chunks and a length in HTTP/1.0",
                    "Transfer-Encoding: chunked",
                    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n" + CHUNKS),
            row("bare line feeds", "Content-Length: 2", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"));

    static final List<Arguments> REFUSED = List.of(
            row("two lengths", "", OK + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!"),
            row("a list of lengths", "", OK + "Content-Length: 2, 3\r\n\r\nhi!"),
            row("a negative length", "", OK + "Content-Length: -2\r\n\r\nhi"),
            row("a length that is no number", "", OK + "Content-Length: two\r\n\r\nhi"),
            row("another coding", "", OK + "Transfer-Encoding: gzip\r\n\r\nhi"),
            row("a coding before chunks", "", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS));

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void appAnswers(String answer) {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send(answer);
            connection.in().read();
        });
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("FORGIVEN")
    void readsOn(String name, String framing, String answer) throws IOException {
        appAnswers(answer);
        try (var client = proxy.client()) {
            for (var i = 0; i < 2; i++) {
                var got = client.get("/");
                assertThat(got.body()).as(name).isEqualTo("hi");
                assertThat(got.head().lines().map(String::strip))
                        .filteredOn(line -> line.matches("(?i)(content-length|transfer-encoding):.*"))
                        .singleElement()
                        .asString()
                        .isEqualToIgnoringCase(framing);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("REFUSED")
    void answers502ToWhatCanBeReadInTwoWays(String name, String framing, String answer) throws IOException {
        appAnswers(answer);
        try (var client = proxy.client()) {
            var got = client.get("/");
            assertThat(got.status()).as(name).isEqualTo(502);
            assertThat(got.header("Content-Length")).isNotEqualTo(framing);
        }
    }

    @Test
    void doesNotKeepAConnectionWhoseFramingWasDoubtful() throws IOException {
        proxy.app().playing(connection -> {
            for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                connection.send(OK + "Transfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n" + CHUNKS);
            }
        });
        try (var client = proxy.client()) {
            assertThat(client.get("/1").body()).isEqualTo("hi");
            assertThat(client.get("/2").body()).isEqualTo("hi");
        }
        assertThat(proxy.app().connections()).isEqualTo(2);
    }
}
