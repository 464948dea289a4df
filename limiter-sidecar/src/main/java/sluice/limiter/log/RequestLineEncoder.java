package sluice.limiter.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.LimitState;
import sluice.limiter.metrics.Decision;

/**
 * Writes request lines as JSON in plain ASCII: line breaks, terminal escapes and right-to-left marks that a client put into a path
 * come out as {@code \}{@code uXXXX} and cannot forge a line.
 */
final class RequestLineEncoder {

    private final JsonFactory json = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(new DeleteEscaped())
            .rootValueSeparator("")
            .build();

    /** A generator for any number of lines; closing it does not close {@code out}. */
    JsonGenerator to(OutputStream out) throws IOException {
        return json.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    void write(RequestLine line, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", "REQUEST_LOG");
        out.writeStringField("ts", Timestamps.format(line.at()));
        out.writeStringField("request_id", LogText.of(line.requestId()));
        out.writeStringField("method", LogText.of(line.method()));
        out.writeStringField("path", LogText.of(line.path()));
        out.writeNumberField("status_code", line.status());
        out.writeNumberField("latency_ms", BigDecimal.valueOf(line.latencyNanos() / 1_000, 3));
        out.writeStringField("auth_result", line.auth().label());
        writeJudgement(line.judgement(), out);
        out.writeEndObject();
        out.writeRaw('\n');
    }

    private static void writeJudgement(@Nullable Judgement judgement, JsonGenerator out) throws IOException {
        var judged = Optional.ofNullable(judgement);
        writeText("waf_rule", judged.flatMap(Judgement::wafRule), out);
        writeText("rate_limit_state", judged.map(it -> Decision.of(it).label()), out);
        writeText("rate_limit_key", judged.map(Judgement::key), out);
        writeNumber("tokens_remaining", judged.flatMap(Judgement::limit).map(LimitState::remaining), out);
        writeText("rl_backend", judged.map(it -> it.backend().label()), out);
        writeText("arm", judged.map(it -> it.arm().label()), out);
        writeNumber("epoch", judged.map(Judgement::epoch), out);
    }

    private static void writeText(String name, Optional<String> value, JsonGenerator out) throws IOException {
        out.writeFieldName(name);
        if (value.isPresent()) {
            out.writeString(LogText.of(value.get()));
        } else {
            out.writeNull();
        }
    }

    private static void writeNumber(String name, Optional<Long> value, JsonGenerator out) throws IOException {
        out.writeFieldName(name);
        if (value.isPresent()) {
            out.writeNumber(value.get());
        } else {
            out.writeNull();
        }
    }
}
