package sluice.e2e.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a sidecar's log lines. */
final class LogParser {
    private static final JsonMapper JSON = new JsonMapper();

    private LogParser() {}

    /** Never fails: what it does not know is {@link LogLine.Unknown}, with the time at which the container runtime wrote it. */
    static LogLine parse(Instant written, String text) {
        try {
            JsonNode line = JSON.readTree(text);
            return switch (line.path("type").asText()) {
                case "REQUEST_LOG" -> request(line);
                case "LOG" -> message(line);
                default -> new LogLine.Unknown(written, text);
            };
        } catch (JsonProcessingException | DateTimeException e) {
            return new LogLine.Unknown(written, text);
        }
    }

    private static LogLine.Request request(JsonNode line) {
        return new LogLine.Request(
                time(line),
                text(line, "request_id"),
                text(line, "method"),
                text(line, "path"),
                line.path("status_code").asInt(),
                millis(line.path("latency_ms").asDouble()),
                text(line, "auth_result"),
                Optional.of(line.path("waf_rule").asText("")).filter(rule -> !rule.isEmpty()),
                text(line, "rate_limit_state"),
                text(line, "rate_limit_key"),
                line.path("tokens_remaining").isNumber()
                        ? OptionalLong.of(line.path("tokens_remaining").asLong())
                        : OptionalLong.empty(),
                text(line, "rl_backend"),
                text(line, "arm"),
                line.path("epoch").asLong());
    }

    private static LogLine.Message message(JsonNode line) {
        return new LogLine.Message(time(line), text(line, "level"), text(line, "logger"), text(line, "message"));
    }

    private static Instant time(JsonNode line) {
        return Instant.parse(text(line, "ts"));
    }

    private static String text(JsonNode line, String field) {
        return line.path(field).asText("");
    }

    private static Duration millis(double value) {
        return Duration.ofNanos(Math.round(value * 1_000_000));
    }
}
