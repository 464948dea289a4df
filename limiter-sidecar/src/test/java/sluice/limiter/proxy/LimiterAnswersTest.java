package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.judge.LimitReport;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;

class LimiterAnswersTest {

    private static final LimitState DAILY =
            new LimitState("daily", 1_000, Duration.ofDays(1), 1_000, 500, Duration.ofHours(12));

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** The app answers every request with these header lines. */
    private void appSays(String lines) {
        proxy.app().playing(connection -> {
            while (!connection.readHead().isEmpty()) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + lines + "\r\n");
            }
        });
    }

    private void throttle() {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.of(Duration.ofMillis(1_200))));
    }

    @Test
    void tellsAThrottledCallerWhenToComeBack() throws IOException {
        throttle();
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).isEqualTo("2");
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"api\";q=100;w=60");
            assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=12;t=2");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            var problem = new ObjectMapper().readTree(answer.body());
            assertThat(problem.path("status").intValue()).isEqualTo(429);
            assertThat(problem.path("type").textValue())
                    .isEqualTo("https://iana.org/assignments/http-problem-types#quota-exceeded");
            assertThat(problem.path("title").textValue())
                    .isEqualTo("Request cannot be satisfied as assigned quota has been exceeded");
            assertThat(problem.path("detail").textValue()).isEqualTo("The limit api allows 100 requests in 60 s.");
            assertThat(problem.path("violated-policies")).hasSize(1);
            assertThat(problem.path("violated-policies").path(0).textValue()).isEqualTo("api");
            assertThat(problem.path("retryAfter").intValue()).isEqualTo(2);
        }
        assertThat(proxy.app().connections()).isZero();
    }

    /** Whoever brings a judgement, Redis say, cannot tell the client that it could not be obeyed. */
    @Test
    void closesOnARequestThatItFailsToAnswer() throws IOException {
        var unsayable = new LimitState("a\r\nb", 1, Duration.ofMinutes(1), 1, 1, Duration.ZERO);
        proxy.judge().judgeLater();
        proxy.judge().says(new Outcome.Throttle(unsayable, Optional.empty()));
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
            assertThat(client.isClosedInOrder()).isFalse();
        }
        await().untilAsserted(() ->
                assertThat(proxy.logLines()).singleElement().asString().contains("\"status_code\":500"));
        throttle();
        try (var client = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(429);
        }
    }

    @Test
    void promisesNothingForALimitOfNoTokens() throws IOException {
        var closed = new LimitState("closed", 0, Duration.ofMinutes(1), 0, 0, Duration.ZERO);
        proxy.judge().says(new Outcome.Throttle(closed, Optional.empty()));
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.header("Retry-After")).isEmpty();
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"closed\";q=0;w=60");
            assertThat(answer.header("RateLimit")).isEqualTo("\"closed\";r=0");
            assertThat(answer.body()).doesNotContain("retryAfter");
        }
    }

    @Test
    void tellsEveryLimitThatMatched() throws IOException {
        proxy.judge()
                .says(new Outcome.Allow(
                        new LimitReport(List.of(FakeJudge.API, DAILY), Optional.of(FakeJudge.API), false)));
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"api\";q=100;w=60, \"daily\";q=1000;w=86400");
            assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=12;t=8, \"daily\";r=500;t=43200");
        }
    }

    @Test
    void tellsNoTimeThatEndsAfterTheOneToComeBackAt() throws IOException {
        var report = new LimitReport(List.of(DAILY, FakeJudge.API), Optional.of(FakeJudge.API), false);
        proxy.judge().says(new Outcome.Throttle(report, List.of("api"), Optional.of(Duration.ofMillis(600))));
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.header("RateLimit")).isEqualTo("\"daily\";r=500, \"api\";r=12;t=1");
            assertThat(answer.body())
                    .contains("\"violated-policies\":[\"api\"]")
                    .contains("The limit api allows")
                    .doesNotContain("The limit daily");
        }
    }

    @Test
    void tellsOlderClientsOfTheTightestLimitWhenAskedTo() throws IOException {
        var report = new LimitReport(List.of(DAILY, FakeJudge.API), Optional.of(FakeJudge.API), true);
        try (var client = proxy.client()) {
            proxy.judge().says(new Outcome.Allow(report));
            var allowed = client.get("/");
            assertThat(allowed.header("X-RateLimit-Limit")).isEqualTo("100");
            assertThat(allowed.header("X-RateLimit-Remaining")).isEqualTo("12");
            assertThat(allowed.header("X-RateLimit-Reset")).isEqualTo("34");
            proxy.judge().says(new Outcome.Throttle(report, List.of("api"), Optional.of(Duration.ofSeconds(1))));
            assertThat(client.get("/").header("X-RateLimit-Limit")).isEqualTo("100");
            proxy.judge().says(new Outcome.Allow(Optional.of(FakeJudge.API)));
            assertThat(client.get("/").head()).doesNotContainIgnoringCase("x-ratelimit");
        }
    }

    @Test
    void addsToWhatTheAppTellsOfItsOwnLimits() throws IOException {
        proxy.judge()
                .says(new Outcome.Allow(new LimitReport(List.of(FakeJudge.API), Optional.of(FakeJudge.API), true)));
        appSays("RateLimit-Policy: \"app\";q=5\r\nRateLimit: \"app\";r=4\r\nX-RateLimit-Limit: 5\r\n");
        try (var client = proxy.client()) {
            assertThat(client.get("/").head())
                    .containsIgnoringCase("ratelimit-policy: \"app\";q=5\r\n")
                    .containsIgnoringCase("ratelimit-policy: \"api\";q=100;w=60\r\n")
                    .containsIgnoringCase("ratelimit: \"app\";r=4\r\n")
                    .containsIgnoringCase("ratelimit: \"api\";r=12;t=8\r\n")
                    .containsIgnoringCase("x-ratelimit-limit: 5\r\n")
                    .doesNotContainIgnoringCase("x-ratelimit-remaining");
        }
    }

    @Test
    void addsNothingToWhatTheAppWritesByAnEarlierDraft() throws IOException {
        proxy.judge().says(new Outcome.Allow(Optional.of(FakeJudge.API)));
        appSays("RateLimit: limit=5, remaining=4, reset=10\r\n");
        try (var client = proxy.client()) {
            assertThat(client.get("/").head())
                    .containsIgnoringCase("ratelimit: limit=5, remaining=4, reset=10\r\n")
                    .doesNotContain("\"api\"");
        }
    }

    @Test
    void tellsAtLeastASecond() throws IOException {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.of(Duration.ZERO)));
        try (var client = proxy.client()) {
            assertThat(client.get("/").header("Retry-After")).isEqualTo("1");
        }
    }

    @Test
    void blocksWhatTheFirewallBlocked() throws IOException {
        proxy.judge().says(new Outcome.Block());
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(proxy.app().connections()).isZero();
    }

    @Test
    void closesForMaintenanceAndTellsPrograms() throws IOException {
        proxy.judge().says(new Outcome.Maintain(Duration.ofMinutes(5)));
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("300");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("Vary")).isEqualToIgnoringCase("Accept");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            var problem = new ObjectMapper().readTree(answer.body());
            assertThat(problem.path("status").intValue()).isEqualTo(503);
            assertThat(problem.path("detail").textValue()).isEqualTo("The service is closed for maintenance.");
            assertThat(problem.path("retryAfter").intValue()).isEqualTo(300);
        }
        assertThat(proxy.app().connections()).isZero();
    }

    @Test
    void closesForMaintenanceAndTellsPeople() throws IOException {
        proxy.judge().says(new Outcome.Maintain(Duration.ofMinutes(5)));
        try (var client = proxy.client()) {
            var browser = "Host: app\r\nAccept: text/html,application/xml;q=0.9,*/*;q=0.8\r\n\r\n";
            var answer = client.send("GET / HTTP/1.1\r\n" + browser).read();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(answer.header("Retry-After")).isEqualTo("300");
            assertThat(answer.body()).startsWith("<!doctype html>").contains("Closed for maintenance");
            var head = client.send("HEAD / HTTP/1.1\r\n" + browser).readHead();
            assertThat(head.status()).isEqualTo(503);
            assertThat(head.header("Content-Length"))
                    .isEqualTo(Integer.toString(answer.body().length()));
            assertThat(client.get("/").status()).isEqualTo(503);
        }
    }

    @Test
    void tellsAnAllowedCallerWhatIsLeft() throws IOException {
        proxy.judge().says(new Outcome.Allow(Optional.of(FakeJudge.API)));
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"api\";q=100;w=60");
            // 12 tokens take 7.2 s to come.
            assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=12;t=8");
        }
    }

    @Test
    void saysNothingOfLimitsWhereNoneApplies() throws IOException {
        try (var client = proxy.client()) {
            assertThat(client.get("/").head()).doesNotContainIgnoringCase("ratelimit");
        }
    }

    @Test
    void leavesOutAWindowThatIsNotInWholeSeconds() throws IOException {
        var odd = new LimitState("a\"b\\c", 5, Duration.ofMillis(1_500), 5, 0, Duration.ZERO);
        proxy.judge().says(new Outcome.Allow(Optional.of(odd)));
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"a\\\"b\\\\c\";q=5");
            assertThat(answer.header("RateLimit")).isEqualTo("\"a\\\"b\\\\c\";r=0;t=1");
        }
    }

    @Test
    void tellsNoMoreThanAHeadersIntegerHolds() throws IOException {
        var huge = new LimitState("huge", 1L << 53, Duration.ofDays(300), 300, 300, Duration.ZERO);
        proxy.judge().says(new Outcome.Allow(Optional.of(huge)));
        try (var client = proxy.client()) {
            assertThat(client.get("/").header("RateLimit-Policy")).isEqualTo("\"huge\";q=999999999999999;w=25920000");
        }
    }

    @Test
    void keepsTheConnectionOfAThrottledCaller() throws IOException {
        throttle();
        proxy.judge().judgeLater();
        try (var client = proxy.client()) {
            for (var i = 0; i < 5; i++) {
                var request = "POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 5\r\n\r\n";
                assertThat(client.send(request).send("abcde").read().status()).isEqualTo(429);
            }
            assertThat(client.send("HEAD / HTTP/1.1\r\nHost: app\r\n\r\n")
                            .readHead()
                            .status())
                    .isEqualTo(429);
            assertThat(client.get("/").status()).isEqualTo(429);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1000000\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n",
                "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
            })
    void closesRatherThanReadALongBodyOfAThrottledCaller(String rest) throws IOException {
        throttle();
        try (var client = proxy.client()) {
            var answer = client.send("POST / HTTP/1.1\r\nHost: app\r\n" + rest).read();
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }

    @Test
    void throttlesAPipelineRequestByRequest() throws IOException {
        throttle();
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n".repeat(2_000));
            for (var i = 0; i < 2_000; i++) {
                assertThat(client.read().status()).isEqualTo(429);
            }
        }
    }
}
