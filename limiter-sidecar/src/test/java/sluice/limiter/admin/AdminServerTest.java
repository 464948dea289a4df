package sluice.limiter.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.IoEventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.proxy.Transport;

class AdminServerTest {

    private final Transport transport = Transport.best();
    private final IoEventLoopGroup loop = transport.newLoop("test-admin");
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final AtomicBoolean dataLoopAlive = new AtomicBoolean(true);
    private final AtomicInteger drains = new AtomicInteger();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private AdminServer server;

    @BeforeEach
    void start() {
        server = start("secret");
    }

    private AdminServer start(String token) {
        var state = new AdminState(
                task -> {
                    if (dataLoopAlive.get()) {
                        task.run();
                    }
                },
                ready::get,
                format -> "# " + format + "\n",
                drains::incrementAndGet,
                token);
        return AdminServer.start(0, transport.serverChannel(), loop.next(), state);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        var request = request(method, path).timeout(Duration.ofSeconds(30));
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/startup", "/live", "/ready", "/metrics"})
    void answersItsProbes(String path) throws Exception {
        assertThat(send("GET", path).statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyBeforeItIs() throws Exception {
        ready.set(false);
        assertThat(send("GET", "/ready").statusCode()).isEqualTo(503);
        assertThat(send("GET", "/live").statusCode()).isEqualTo(200);
    }

    @Test
    void doesNotAnswerForADataLoopThatIsStuck() {
        dataLoopAlive.set(false);
        var probe = request("GET", "/live").timeout(Duration.ofSeconds(1)).build();
        assertThatThrownBy(() -> client.send(probe, HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void publishesTheMetricsAsPrometheusText() throws Exception {
        var answer = send("GET", "/metrics");
        assertThat(answer.body()).isEqualTo("# TEXT\n");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | OPEN_METRICS
            application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;q=0.4,*/*;q=0.1 | OPEN_METRICS
            application/openmetrics-text               | OPEN_METRICS
            Application/OpenMetrics-Text; Version=1.0.0 | OPEN_METRICS
            application/openmetrics-text;version=0.0.1 | TEXT
            application/openmetrics-text;q=0           | TEXT
            application/openmetrics-text;q=0.3,text/plain;q=0.7 | TEXT
            application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;q=0.3 | TEXT
            text/html                                  | TEXT
            */*                                        | TEXT
            ;;q=,,=;                                   | TEXT
            ;                                          | TEXT
            """)
    void publishesThemInTheFormatThatIsPreferred(String accept, String format) throws Exception {
        var answer = send("GET", "/metrics", "Accept", accept);
        assertThat(answer.body()).isEqualTo("# " + format + "\n");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith(
                        format.equals("TEXT")
                                ? "text/plain; version=0.0.4;"
                                : "application/openmetrics-text; version=1.0.0;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void drainsForWhoKnowsTheToken(String method) throws Exception {
        assertThat(send(method, "/drain", "X-Sluice-Drain-Token", "secret").statusCode())
                .isEqualTo(200);
        assertThat(drains).hasValue(1);
    }

    @Test
    void drainsForNobodyElse() throws Exception {
        assertThat(send("POST", "/drain").statusCode()).isEqualTo(403);
        assertThat(send("POST", "/drain", "X-Sluice-Drain-Token", "guess").statusCode())
                .isEqualTo(403);
        assertThat(send("PUT", "/drain", "X-Sluice-Drain-Token", "secret").statusCode())
                .isEqualTo(405);
        server = start("");
        assertThat(send("POST", "/drain", "X-Sluice-Drain-Token", "").statusCode())
                .isEqualTo(403);
        assertThat(drains).hasValue(0);
    }

    @Test
    void knowsNothingElse() throws Exception {
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
    }
}
