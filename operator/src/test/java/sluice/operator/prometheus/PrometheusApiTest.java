package sluice.operator.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.operator.rollout.Sample;

class PrometheusApiTest {
    private static final Instant END = Instant.ofEpochSecond(1_772_366_400);
    private static final Duration STEP = Duration.ofSeconds(10);
    private static final String SECRET = "do-not-echo";

    private final HttpClient http = HttpClient.newHttpClient();
    private final FakePrometheus prometheus = new FakePrometheus(FakePrometheus.body(matrix("[1772366400,\"0.5\"]")));
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void stop() {
        over.countDown();
        prometheus.close();
        http.shutdownNow();
    }

    @Test
    void readsEverySampleOfARange() {
        prometheus.answer(
                FakePrometheus.body(matrix("[1772366380,\"0.25\"],[1772366390.5,\"0\"],[1772366400,\"1e-3\"]")));
        assertThat(range())
                .isInstanceOfSatisfying(
                        Answer.Series.class,
                        series -> assertThat(series.samples().all())
                                .containsExactly(
                                        new Sample(END.minusSeconds(20), 0.25),
                                        new Sample(END.minusMillis(9_500), 0),
                                        new Sample(END, 0.001)));
    }

    @Test
    void asksForExactlyTheRange() {
        range();
        assertThat(prometheus.asked().getFirst())
                .containsEntry("path", "/api/v1/query_range")
                .containsEntry("query", "up")
                .containsEntry("start", "1772366110")
                .containsEntry("end", "1772366400")
                .containsEntry("step", "10")
                .containsEntry("timeout", "3s");
    }

    @Test
    void readsAnInstant() {
        prometheus.answer(
                FakePrometheus.body(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1772366400,\"7\"]}]}}"));
        assertThat(api().instant("up", END))
                .isInstanceOfSatisfying(
                        Answer.Series.class,
                        series -> assertThat(series.samples().last()).isEqualTo(new Sample(END, 7)));
        assertThat(prometheus.asked().getFirst())
                .containsEntry("path", "/api/v1/query")
                .containsEntry("time", "1772366400");
    }

    @Test
    void noSeriesIsEmptyAndNotZero() {
        prometheus.answer(FakePrometheus.body(result("matrix", "")));
        assertThat(range()).isEqualTo(new Answer.Empty());
    }

    @Test
    void aTrailingSlashOfTheAddressDoesNotMatter() {
        PrometheusApi api = new PrometheusApi(http, URI.create(prometheus.url() + "/"));
        assertThat(api.range("up", END, END, STEP)).isInstanceOf(Answer.Series.class);
        assertThat(prometheus.asked().getFirst()).containsEntry("path", "/api/v1/query_range");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "-NaN", "+Inf", "-Inf", "Inf"})
    void aValueThatIsNotFiniteFails(String value) {
        prometheus.answer(FakePrometheus.body(matrix("[1772366400,\"" + value + "\"]")));
        assertThat(why()).isEqualTo("a sample is not a finite number");
    }

    @Test
    void oneNotFiniteValueAmongGoodOnesFails() {
        prometheus.answer(FakePrometheus.body(matrix("[1772366390,\"NaN\"],[1772366400,\"0\"]")));
        assertThat(why()).isEqualTo("a sample is not a finite number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "0x10", "1d", "1_000", "do-not-echo", "1e9999"})
    void aValueThatIsNotADecimalFails(String value) {
        prometheus.answer(FakePrometheus.body(matrix("[1772366400,\"" + value + "\"]")));
        assertThat(why()).startsWith("a sample").doesNotContain(SECRET);
    }

    @Test
    void severalSeriesFail() {
        prometheus.answer(FakePrometheus.body(result(
                "matrix",
                "{\"metric\":{},\"values\":[[1772366400,\"0\"]]},{\"metric\":{},\"values\":[[1772366400,\"1\"]]}")));
        assertThat(why()).isEqualTo("the answer has several series");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector", "scalar", "string", "streams", "do-not-echo"})
    void anotherTypeFails(String type) {
        prometheus.answer(FakePrometheus.body(result(type, "")));
        assertThat(why()).isEqualTo("the answer is not a matrix");
    }

    @Test
    void warningsFail() {
        prometheus.answer(FakePrometheus.body(
                matrix("[1772366400,\"0\"]").replaceFirst("}$", ",\"warnings\":[\"do-not-echo\"]}")));
        assertThat(why()).isEqualTo("the answer has warnings");
    }

    @Test
    void anErrorWithStatus200Fails() {
        prometheus.answer(FakePrometheus.body("{\"status\":\"error\",\"error\":\"do-not-echo\"}"));
        assertThat(why()).isEqualTo("the answer is not a success");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html>do-not-echo</html>",
                "{\"status\":\"success\"",
                "{\"status\":\"success\"} trailing",
                "{\"status\":\"success\",\"status\":\"success\"}",
                "{\"status\":\"success\",\"data\":null}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\"}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":{}}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[7]}}"
            })
    void whatIsNotAnAnswerFails(String body) {
        prometheus.answer(FakePrometheus.body(body));
        assertThat(why()).startsWith("the ").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1772366400]",
                "[1772366400,\"0\",1]",
                "[\"1772366400\",\"0\"]",
                "[1772366400,0]",
                "[1e99,\"0\"]",
                "[-1,\"0\"]",
                "7",
                "[1772366400,\"0\"],[1772366400,\"0\"]",
                "[1772366400,\"0\"],[1772366390,\"0\"]"
            })
    void aSampleThatIsNotOneFails(String sample) {
        prometheus.answer(FakePrometheus.body(matrix(sample)));
        assertThat(why()).matches("a sample.*|the samples are out of order");
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "404", "422", "429", "500", "502", "503", "204", "301"})
    void anyOtherStatusFailsWithoutQuotingTheBody(int status) {
        prometheus.answer((exchange, _) -> exchange.sendResponseHeaders(status, -1));
        assertThat(why()).isEqualTo("Prometheus answered " + status);
    }

    @Test
    void theBodyOfAnErrorIsNotQuoted() {
        prometheus.answer(FakePrometheus.status(500, SECRET));
        assertThat(why()).isEqualTo("Prometheus answered 500");
    }

    @Test
    void aRedirectIsNotFollowed() {
        prometheus.answer((exchange, _) -> {
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            exchange.sendResponseHeaders(302, -1);
        });
        assertThat(why()).isEqualTo("Prometheus answered 302");
    }

    @Test
    void aBodyOverOneMebibyteFails() {
        prometheus.answer(FakePrometheus.body(matrix("[1772366400,\"0\"]") + " ".repeat(1 << 20)));
        assertThat(why()).isEqualTo("the answer is cut off or larger than 1 MiB");
    }

    @Test
    void aBodyThatNeverEndsFailsAsSoonAsItIsTooLarge() {
        prometheus.answer((exchange, _) -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            byte[] blanks = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 1_000; i++) {
                out.write(blanks);
            }
        });
        assertThat(why()).isEqualTo("the answer is cut off or larger than 1 MiB");
    }

    @Test
    void aTruncatedBodyFails() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerHalf(server));
            PrometheusApi api = new PrometheusApi(http, URI.create("http://127.0.0.1:" + server.getLocalPort()));
            assertThat(why(api)).isEqualTo("the answer is cut off or larger than 1 MiB");
        }
    }

    private static void answerHalf(ServerSocket server) {
        try (var socket = server.accept()) {
            socket.getInputStream().read(new byte[4096]);
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"status\":"
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aServerThatHangsFailsAfterTheTimeout() {
        prometheus.answer((_, _) -> await());
        assertThat(why()).isEqualTo("Prometheus did not answer within 3 s");
    }

    @Test
    void aBodyThatHangsFailsAfterTheTimeout() {
        prometheus.answer((exchange, _) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await();
        });
        assertThat(why()).isEqualTo("Prometheus did not answer within 3 s");
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aServerThatIsDownFails() {
        PrometheusApi api = api();
        prometheus.close();
        assertThat(why(api)).isEqualTo("Prometheus cannot be reached");
    }

    @Test
    void anInterruptFailsAndStaysVisible() {
        Thread.currentThread().interrupt();
        assertThat(range()).isInstanceOf(Answer.Failed.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private String why() {
        return why(api());
    }

    private static String why(PrometheusApi api) {
        return api.range("up", END, END, STEP) instanceof Answer.Failed(String why) ? why : "it did not fail";
    }

    private Answer range() {
        return api().range("up", END.minusSeconds(290), END, STEP);
    }

    private PrometheusApi api() {
        return new PrometheusApi(http, prometheus.url());
    }

    private static String matrix(String samples) {
        return result("matrix", "{\"metric\":{},\"values\":[" + samples + "]}");
    }

    private static String result(String type, String series) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"" + type + "\",\"result\":[" + series + "]}}";
    }
}
