package sluice.limiter.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.slf4j.event.KeyValuePair;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.TokenCheck;
import sluice.limiter.metrics.AuthResult;

/** Whatever is logged comes out as one line of plain ASCII that a strict JSON parser reads, and as what went in. */
class LogLinePropertyTest {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final List<String> NASTY = List.of(
            "\r\n{\"type\":\"REQUEST_LOG\",\"status_code\":200}\r\n",
            "\",\"status_code\":200,\"x\":\"",
            "\\\",\\u000a\\",
            "\u001b[2J\u001b[31m\u0007\b",
            "\u0000\u0001\u007f\u0080\u0085\u009b31m",
            "\u2028\u2029\ufeff\ufffe\uffff",
            "\u202e\u2066\u200f",
            "\ud83d\ude00",
            "\ud83d",
            "\ude00",
            "\ude00\ud83d",
            "a".repeat(LogText.LONGEST - 1) + "\ud83d\ude00",
            "\u202e".repeat(64 * 1024),
            "\"".repeat(64 * 1024));

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(List.<Arbitrary<String>>of(
                Arbitraries.strings().ofMaxLength(300),
                Arbitraries.of(NASTY),
                Arbitraries.strings().ascii()));
    }

    private static JsonNode parsed(byte[] written) throws IOException {
        assertThat(new String(written, UTF_8)).matches("[\\x20-\\x7e]+\n");
        return STRICT.readTree(written);
    }

    /** What a reader may find: the text's beginning, with U+FFFD for every half of a surrogate pair. */
    private static String expected(String text) {
        var cut = text.substring(0, Math.min(text.length(), 1024));
        return new String(
                cut.codePoints()
                        .map(point -> point >= 0xd800 && point <= 0xdfff ? 0xfffd : point)
                        .toArray(),
                0,
                (int) cut.codePoints().count());
    }

    @Property
    void aRequestIsOneLineWhateverItSaysOfItself(
            @ForAll("texts") String id,
            @ForAll("texts") String method,
            @ForAll("texts") String path,
            @ForAll("texts") String rule)
            throws IOException {
        var judgement = new Judgement(
                Arm.STABLE,
                "off",
                1,
                "ip:0123456789abcdef",
                Backend.MEMORY,
                new Outcome.Block(),
                false,
                Optional.of(rule),
                TokenCheck.ABSENT);
        var out = new ByteArrayOutputStream();
        var encoder = new RequestLineEncoder();
        try (var json = encoder.to(out)) {
            encoder.write(new RequestLine(0, id, method, path, 403, 1, AuthResult.NONE, judgement), json);
        }

        var line = parsed(out.toByteArray());

        assertThat(line.path("request_id").textValue()).isEqualTo(expected(id));
        assertThat(line.path("method").textValue()).isEqualTo(expected(method));
        assertThat(line.path("path").textValue()).isEqualTo(expected(path));
        assertThat(line.path("waf_rule").textValue()).isEqualTo(expected(rule));
        assertThat(line.path("status_code").intValue()).isEqualTo(403);
    }

    @Property
    void aMessageIsOneLineWhateverItSays(@ForAll("texts") String message, @ForAll("texts") String value)
            throws IOException {
        var event = new LoggingEvent("", new LoggerContext().getLogger("sluice"), Level.WARN, "-", null, null);
        event.addKeyValuePair(new KeyValuePair("key", message));
        event.addKeyValuePair(new KeyValuePair("other", value));

        var line = parsed(new JsonLineEncoder().encode(event));

        assertThat(line.path("type").textValue()).isEqualTo("LOG");
        assertThat(line.path("level").textValue()).isEqualTo("WARN");
    }
}
