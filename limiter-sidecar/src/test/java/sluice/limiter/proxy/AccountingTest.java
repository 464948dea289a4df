package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.TokenCheck;

/** Each request is counted once and logged once. */
class AccountingTest {

    private static final List<String> FIELDS = List.of(
            "type",
            "ts",
            "request_id",
            "method",
            "path",
            "status_code",
            "latency_ms",
            "auth_result",
            "waf_rule",
            "rate_limit_state",
            "rate_limit_key",
            "tokens_remaining",
            "rl_backend",
            "arm",
            "epoch");

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private JsonNode onlyLine() throws IOException {
        return onlyLine(proxy);
    }

    private static JsonNode onlyLine(ProxyHarness proxy) throws IOException {
        await().until(() -> proxy.logLines().size() == 1);
        return new ObjectMapper().readTree(proxy.logLines().getFirst());
    }

    private void counted(String metric, String labels, int times) {
        counted(proxy, metric, labels, times);
    }

    private static void counted(ProxyHarness proxy, String metric, String labels, int times) {
        var pattern = metric + "\\{[^}]*" + labels.replace(",", "[^}]*") + "[^}]*} " + times + "(\\.0)?\n";
        assertThat(proxy.metrics()).containsPattern(pattern);
    }

    @Test
    void countsMaintenanceAsADecisionAndNothingElse() throws IOException {
        proxy.judge().says(new Outcome.Maintain(Duration.ofMinutes(5)));
        try (var client = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(503);
        }
        await().until(() -> proxy.logLines().size() == 1);

        assertThat(proxy.logLines().getFirst())
                .contains("\"status_code\":503")
                .contains("\"rate_limit_state\":\"maintenance\"")
                .contains("\"tokens_remaining\":null");
        assertThat(proxy.metrics()
                        .lines()
                        .filter(line -> line.matches("sluice_(app_responses|app_latency|auth)[a-z_]*\\{.*"))
                        .filter(line -> !line.matches(".* 0(\\.0)?")))
                .isEmpty();
        assertThat(proxy.metrics().lines())
                .anyMatch(line -> line.startsWith("sluice_decisions_total")
                        && line.contains("\"maintenance\"")
                        && line.endsWith(" 1.0"));
    }

    @Test
    void logsEveryFieldOfARequest() throws IOException {
        var judgement = FakeJudge.judgement(new Outcome.Allow(Optional.of(FakeJudge.API)), TokenCheck.VALID);
        proxy.judge().says(_ -> judgement);
        try (var client = proxy.client()) {
            client.send(
                            "GET /api/a%20b?token=secret HTTP/1.1\r\nHost: app\r\nX-Request-Id: r-1\r\nAuthorization: Bearer x\r\n\r\n")
                    .read();
        }
        var line = onlyLine();
        assertThat(line.fieldNames()).toIterable().containsExactlyElementsOf(FIELDS);
        assertThat(line.path("type").textValue()).isEqualTo("REQUEST_LOG");
        assertThat(Instant.parse(line.path("ts").textValue()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(line.path("request_id").textValue()).isEqualTo("r-1");
        assertThat(line.path("method").textValue()).isEqualTo("GET");
        assertThat(line.path("path").textValue()).isEqualTo("/api/a%20b");
        assertThat(line.path("status_code").intValue()).isEqualTo(200);
        assertThat(line.path("latency_ms").doubleValue()).isPositive();
        assertThat(line.path("auth_result").textValue()).isEqualTo("ok");
        assertThat(line.path("waf_rule").textValue()).isEqualTo("942100");
        assertThat(line.path("rate_limit_state").textValue()).isEqualTo("allow");
        assertThat(line.path("rate_limit_key").textValue()).isEqualTo("user:0123456789abcdef");
        assertThat(line.path("tokens_remaining").longValue()).isEqualTo(12);
        assertThat(line.path("rl_backend").textValue()).isEqualTo("redis");
        assertThat(line.path("arm").textValue()).isEqualTo("candidate");
        assertThat(line.path("epoch").longValue()).isEqualTo(7);
    }

    @Test
    void countsAnAnswerOfTheApp() throws IOException {
        try (var client = proxy.client()) {
            client.get("/");
        }
        onlyLine();
        counted("sluice_decisions_total", "arm=\"candidate\",backend=\"redis\",decision=\"allow\"", 1);
        counted("sluice_app_responses_total", "arm=\"candidate\",class=\"2xx\"", 1);
        counted("sluice_auth_total", "arm=\"candidate\",result=\"none\"", 1);
        counted("sluice_app_latency_seconds_count", "arm=\"candidate\"", 1);
        counted("sluice_limiter_duration_seconds_count", "arm=\"candidate\"", 1);
    }

    @Test
    void countsAnAnswerOfTheLimiterAsADecisionOnly() throws IOException {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.of(Duration.ofSeconds(1))));
        try (var client = proxy.client()) {
            client.get("/");
        }
        assertThat(onlyLine().path("rate_limit_state").textValue()).isEqualTo("throttle");
        counted("sluice_decisions_total", "arm=\"candidate\",backend=\"redis\",decision=\"throttle\"", 1);
        counted("sluice_app_responses_total", "arm=\"candidate\",class=\"4xx\"", 0);
        counted("sluice_app_latency_seconds_count", "arm=\"candidate\"", 0);
        counted("sluice_auth_total", "arm=\"candidate\",result=\"none\"", 0);
    }

    private double seconds(String histogram) {
        var sum = Pattern.compile("(?m)^" + histogram + "_sum\\{[^}]*arm=\"candidate\"[^}]*} (\\S+)$")
                .matcher(proxy.metrics());
        assertThat(sum.find()).isTrue();
        return Double.parseDouble(sum.group(1));
    }

    @Test
    void measuresTheLimitersTimeApartFromTheApps() throws IOException {
        proxy.judge().judgeAfter(Duration.ofMillis(300));
        proxy.app().playing(connection -> {
            connection.readHead();
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        var began = System.nanoTime();
        try (var client = proxy.client()) {
            client.get("/");
        }
        var all = (System.nanoTime() - began) / 1e9;
        var limiter = seconds("sluice_limiter_duration_seconds");
        var app = seconds("sluice_app_latency_seconds");
        assertThat(limiter).isGreaterThanOrEqualTo(0.299);
        assertThat(app).isPositive();
        assertThat(limiter + app).as("no time is counted twice").isLessThanOrEqualTo(all);
    }

    @Test
    void measuresTheLimitersTimeForARequestThatItTurnsDown() throws IOException {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.of(Duration.ofSeconds(1))));
        proxy.judge().judgeAfter(Duration.ofMillis(100));
        try (var client = proxy.client()) {
            client.get("/");
        }
        assertThat(seconds("sluice_limiter_duration_seconds")).isGreaterThanOrEqualTo(0.099);
        counted("sluice_limiter_duration_seconds_count", "arm=\"candidate\"", 1);
        counted("sluice_limit_decisions_total", "arm=\"candidate\",decision=\"throttle\",limit=\"api\"", 1);
    }

    @Test
    void countsABlock() throws IOException {
        proxy.judge().says(new Outcome.Block());
        try (var client = proxy.client()) {
            client.get("/");
        }
        var line = onlyLine();
        assertThat(line.path("rate_limit_state").textValue()).isEqualTo("block");
        assertThat(line.path("status_code").intValue()).isEqualTo(403);
        assertThat(line.path("tokens_remaining").isNull()).isTrue();
        counted("sluice_decisions_total", "arm=\"candidate\",backend=\"redis\",decision=\"block\"", 1);
    }

    @Test
    void countsA502AsTheAppsError() throws IOException {
        try (var refusing = new RefusingPort();
                var appless = new ProxyHarness(refusing.address());
                var client = appless.client()) {
            client.get("/");
            assertThat(onlyLine(appless).path("status_code").intValue()).isEqualTo(502);
            counted(appless, "sluice_app_responses_total", "arm=\"candidate\",class=\"5xx\"", 1);
            counted(appless, "sluice_app_latency_seconds_count", "arm=\"candidate\"", 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200,'',ABSENT,'',none",
        "200,Bearer x,UNCHECKED,'',ok",
        "403,Bearer x,VALID,'',ok",
        "403,Bearer x,INVALID,'',invalid",
        "403,'',ABSENT,'',missing",
        "200,Bearer x,EXPIRED,'',none",
        "401,'',ABSENT,'',missing",
        "401,Bearer x,INVALID,'',invalid",
        "401,Bearer x,UNCHECKED,Bearer error=\"invalid_token\",invalid",
        "401,Bearer x,EXPIRED,'',expired",
        "401,Bearer x,UNCHECKED,'Bearer error=\"invalid_token\", error_description=\"The token Expired\"',expired",
        "401,Bearer x,UNCHECKED,Bearer realm=\"expired\",invalid",
    })
    void readsTheAuthenticationFromTheAnswer(
            int status, String authorization, TokenCheck token, String challenge, String result) throws IOException {
        proxy.judge().says(_ -> FakeJudge.judgement(new Outcome.Allow(Optional.empty()), token));
        proxy.app().playing(connection -> {
            connection.readHead();
            var header = challenge.isEmpty() ? "" : "WWW-Authenticate: " + challenge + "\r\n";
            connection.send("HTTP/1.1 " + status + " Such\r\n" + header + "Content-Length: 0\r\n\r\n");
        });
        try (var client = proxy.client()) {
            var header = authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n";
            client.send("GET / HTTP/1.1\r\nHost: app\r\n" + header + "\r\n").read();
        }
        assertThat(onlyLine().path("auth_result").textValue()).isEqualTo(result);
        counted("sluice_auth_total", "arm=\"candidate\",result=\"" + result + "\"", 1);
    }

    @Test
    void writesOneLineHoweverAClientTries() throws IOException {
        try (var client = proxy.client()) {
            client.send("GET /%0a%7B%22type%22:%22REQUEST_LOG%22%7D%1b%5b31m\u202e HTTP/1.1\r\nHost: app\r\n\r\n")
                    .read();
        }
        assertThat(onlyLine().path("path").textValue()).startsWith("/%0A%7B%22");
        assertThat(proxy.logLines().getFirst()).matches("[\\x20-\\x7e]+");
    }
}
