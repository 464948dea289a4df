package sluice.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LogParserTest {
    private static final Instant WRITTEN = Instant.parse("2026-01-01T00:00:09Z");

    @Test
    void readsEveryFieldOfARequest() {
        var line = LogParser.parse(WRITTEN, """
                {"type":"REQUEST_LOG","ts":"2026-01-01T00:00:01.250Z","request_id":"r1","method":"GET","path":"/api/me","status_code":200,\
                "latency_ms":250.5,"auth_result":"ok","waf_rule":"942100","rate_limit_state":"allow","rate_limit_key":"user:00ff",\
                "tokens_remaining":59,"rl_backend":"redis","arm":"candidate","epoch":7}""");

        assertThat(line)
                .isEqualTo(new LogLine.Request(
                        Instant.parse("2026-01-01T00:00:01.250Z"),
                        "r1",
                        "GET",
                        "/api/me",
                        200,
                        Duration.ofNanos(250_500_000),
                        "ok",
                        Optional.of("942100"),
                        "allow",
                        "user:00ff",
                        OptionalLong.of(59),
                        "redis",
                        "candidate",
                        7));
    }

    @Test
    void aRequestWithoutRuleOrTokensHasNone() {
        var line = LogParser.parse(
                WRITTEN,
                "{\"type\":\"REQUEST_LOG\",\"ts\":\"2026-01-01T00:00:01Z\",\"waf_rule\":null,\"tokens_remaining\":null}");

        assertThat(line).isInstanceOfSatisfying(LogLine.Request.class, request -> {
            assertThat(request.wafRule()).isEmpty();
            assertThat(request.tokensRemaining()).isEmpty();
        });
    }

    @Test
    void readsAMessage() {
        assertThat(
                        LogParser.parse(
                                WRITTEN,
                                "{\"type\":\"LOG\",\"ts\":\"2026-01-01T00:00:01Z\",\"level\":\"WARN\",\"logger\":\"redis\",\"message\":\"gone\"}"))
                .isEqualTo(new LogLine.Message(Instant.parse("2026-01-01T00:00:01Z"), "WARN", "redis", "gone"));
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        assertThat(LogParser.parse(WRITTEN, "OpenJDK warning"))
                .isEqualTo(new LogLine.Unknown(WRITTEN, "OpenJDK warning"));
        assertThat(LogParser.parse(WRITTEN, "")).isInstanceOf(LogLine.Unknown.class);
        assertThat(LogParser.parse(WRITTEN, "{\"type\":\"REQUEST_LOG\",\"ts\":\"yesterday\"}"))
                .isInstanceOf(LogLine.Unknown.class);
        assertThat(LogParser.parse(WRITTEN, "{\"type\":\"REQUEST_LOG\",\"ts\":\"2026-01"))
                .isInstanceOf(LogLine.Unknown.class);
    }
}
