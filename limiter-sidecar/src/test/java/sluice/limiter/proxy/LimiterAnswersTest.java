package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;

class LimiterAnswersTest {

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterEach
    void stop() {
        proxy.close();
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
            assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=12;t=34");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            var problem = new ObjectMapper().readTree(answer.body());
            assertThat(problem.path("status").intValue()).isEqualTo(429);
            assertThat(problem.path("title").textValue()).isEqualTo("Too Many Requests");
            assertThat(problem.path("violated-policies").path(0).textValue()).isEqualTo("api");
        }
        assertThat(proxy.app().connections()).isZero();
    }

    @Test
    void promisesNothingForALimitOfNoTokens() throws IOException {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.empty()));
        try (var client = proxy.client()) {
            assertThat(client.get("/").header("Retry-After")).isEmpty();
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
    void tellsAnAllowedCallerWhatIsLeft() throws IOException {
        proxy.judge().says(new Outcome.Allow(Optional.of(FakeJudge.API)));
        try (var client = proxy.client()) {
            var answer = client.get("/");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"api\";q=100;w=60");
            assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=12;t=34");
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
            assertThat(answer.header("RateLimit")).isEqualTo("\"a\\\"b\\\\c\";r=0;t=0");
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
