package sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLineEncoderTest {

    @Test
    void writesOneLineWithTheKeyValuesAsFields() {
        var event = event("rolled\nback \u202e");
        event.addKeyValuePair(new KeyValuePair("rollout", "apps/scholarship-api"));
        event.addKeyValuePair(new KeyValuePair("weight", 10));

        assertThat(new String(new LogLineEncoder().encode(event), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"LOG\",\"ts\":\"2026-01-01T00:00:00.000Z\",\"level\":\"INFO\",\"logger\":\"test\","
                                + "\"message\":\"rolled\\nback \\u202E\",\"rollout\":\"apps/scholarship-api\",\"weight\":10}\n");
    }

    private static LoggingEvent event(String message) {
        var logger = new LoggerContext().getLogger("test");
        var event = new LoggingEvent("", logger, Level.INFO, message, null, null);
        event.setInstant(Instant.parse("2026-01-01T00:00:00Z"));
        return event;
    }
}
