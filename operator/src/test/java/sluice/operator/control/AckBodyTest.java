package sluice.operator.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckBodyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void readsWhatASidecarsLogSaidOfFailures() {
        assertThat(parse("{\"epoch\":7,\"applied\":true,\"failures\":[\"503 /api\",\"401 /login\"],\"more\":{}}"))
                .isEqualTo(new Ack(7, true, "", NOW, List.of("503 /api", "401 /login")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"failures\":null",
                ",\"failures\":[]",
                ",\"failures\":\"503\"",
                ",\"failures\":{\"a\":\"503\"}",
                ",\"failures\":[1,null,[\"503\"],{\"a\":\"503\"}]"
            })
    void acknowledgesWithoutFailures(String more) {
        assertThat(parse("{\"epoch\":7,\"applied\":true" + more + "}")).isEqualTo(new Ack(7, true, "", NOW));
    }

    @Test
    void takesSixShortLinesWithoutControlCharactersFromAPodThatSendsMore() {
        var line = "503\n\u0007\u202e<!channel>" + "x".repeat(1_000);
        var body = new JsonMapper().createObjectNode().put("epoch", 7).put("applied", true);
        Collections.nCopies(100, line).forEach(body.putArray("failures")::add);

        assertThat(parse(body.toString()).failures())
                .hasSize(6)
                .allSatisfy(told -> assertThat(told).hasSize(240).startsWith("503   <!channel>x"));
    }

    private static Ack parse(String body) {
        return AckBody.parse(body, NOW).orElseThrow();
    }
}
