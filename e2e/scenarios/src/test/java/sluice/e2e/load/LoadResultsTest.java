package sluice.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadResultsTest {
    private static final String ANSWERED = """
            {"attack":"","seq":0,"code":200,"timestamp":"2026-01-01T01:00:00.5+01:00","latency":1500000,"bytes_out":0,"bytes_in":97,\
            "error":"","body":null,"method":"GET","url":"https://waf/api/me","headers":{"X-Request-Id":["abc"]}}""";
    private static final String SPOILT = """
            {"code":500,"timestamp":"2026-01-01T00:00:01Z","latency":1,"error":"500 Internal Server Error","headers":{"x-demo-fault":["error"]}}""";
    private static final String BAD_GATEWAY = """
            {"code":502,"timestamp":"2026-01-01T00:00:02Z","latency":1,"error":"502 Bad Gateway","headers":null}""";
    private static final String NO_ANSWER = """
            {"code":0,"timestamp":"2026-01-01T00:00:03Z","latency":1,"error":"connection refused","headers":null}""";
    private static final String THROTTLED = """
            {"code":429,"timestamp":"2026-01-01T00:00:04Z","latency":1,"error":"429 Too Many Requests","headers":{}}""";

    @Test
    void readsALineOfVegeta() {
        assertThat(LoadResults.parse(ANSWERED))
                .isEqualTo(new SentRequest(
                        Instant.parse("2026-01-01T00:00:00.5Z"),
                        200,
                        Duration.ofNanos(1_500_000),
                        "",
                        Optional.of("abc"),
                        Optional.empty()));
    }

    @Test
    void failedMeansNoAnswerOrA5xxThatTheAppDidNotSendOnPurpose(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("results.json"),
                String.join("\n", ANSWERED, SPOILT, BAD_GATEWAY, NO_ANSWER, THROTTLED, ""));

        var results = LoadResults.read(file);

        assertThat(results.count()).isEqualTo(5);
        assertThat(results.failed().requests()).extracting(SentRequest::code).containsExactly(502, 0);
    }

    @Test
    void saysWhatBecameOfRequestsAndWhen(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("results.json"), String.join("\n", BAD_GATEWAY, NO_ANSWER, BAD_GATEWAY, ANSWERED));

        assertThat(LoadResults.read(file).failed().summary())
                .isEqualTo("2 times 502 Bad Gateway, 1 times connection refused,"
                        + " sent from 2026-01-01T00:00:02Z to 2026-01-01T00:00:03Z");
        assertThat(LoadResults.read(file).between(Instant.MIN, Instant.MIN).summary())
                .isEmpty();
    }

    @Test
    void aSpanHasItsStartAndNotItsEnd(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("results.json"), String.join("\n", SPOILT, BAD_GATEWAY, NO_ANSWER));

        var span = LoadResults.read(file)
                .between(Instant.parse("2026-01-01T00:00:01Z"), Instant.parse("2026-01-01T00:00:03Z"));

        assertThat(span.requests()).extracting(SentRequest::code).containsExactly(500, 502);
    }
}
