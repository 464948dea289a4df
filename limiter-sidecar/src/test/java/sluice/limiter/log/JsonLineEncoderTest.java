package sluice.limiter.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLineEncoderTest {

    private static LoggingEvent event(String message) {
        var logger = new LoggerContext().getLogger("sluice.limiter.Sidecar");
        return new LoggingEvent("", logger, Level.WARN, message, null, null);
    }

    private static JsonNode encoded(LoggingEvent event) throws IOException {
        var line = new String(new JsonLineEncoder().encode(event), StandardCharsets.UTF_8);
        assertThat(line).matches("[\\x20-\\x7e]+\n");
        return new ObjectMapper().readTree(line);
    }

    @Test
    void writesTheFieldsOfALogLine() throws IOException {
        var event = event("Redis is down");
        event.addKeyValuePair(new KeyValuePair("reason", "timeout\n"));
        var line = encoded(event);
        assertThat(line.fieldNames()).toIterable().containsExactly("type", "ts", "level", "logger", "message");
        assertThat(line.path("type").textValue()).isEqualTo("LOG");
        assertThat(line.path("level").textValue()).isEqualTo("WARN");
        assertThat(line.path("logger").textValue()).isEqualTo("sluice.limiter.Sidecar");
        assertThat(line.path("message").textValue()).isEqualTo("Redis is down reason=timeout\n");
    }

    @Test
    void keepsAStackTraceInOneLine() throws IOException {
        var event = event("Failed");
        event.setThrowableProxy(new ThrowableProxy(new IllegalStateException("why")));
        assertThat(encoded(event).path("message").textValue())
                .startsWith("Failed\njava.lang.IllegalStateException: why")
                .contains("\tat ");
    }
}
