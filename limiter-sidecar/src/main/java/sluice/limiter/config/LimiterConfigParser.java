package sluice.limiter.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Optional;

/** Reads the sidecar's document. Strict: an unknown field, a missing one and a number out of range are refused by name. */
public final class LimiterConfigParser {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private LimiterConfigParser() {}

    /**
     * Reads the document's text.
     *
     * @throws InvalidConfigException when the document cannot be applied as it is
     */
    public static LimiterConfig parse(String document) {
        try {
            return parse(JSON.readTree(document));
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw new InvalidConfigException(
                    "(document): is not JSON at line " + where.getLineNr() + ", column " + where.getColumnNr());
        }
    }

    /**
     * Reads the document, already taken apart.
     *
     * @throws InvalidConfigException when it cannot be applied as it is
     */
    public static LimiterConfig parse(JsonNode document) {
        var fields = Fields.of("", document);
        fields.integer("version", LimiterConfig.VERSION, LimiterConfig.VERSION);
        var config = new LimiterConfig(
                rollout(fields.object("rollout")),
                fields.integer("epoch", 0, Long.MAX_VALUE),
                (int) fields.integer("weight", 0, 100),
                LimiterParser.identity(fields, "armIdentity"),
                LimiterParser.limiter(fields.object("stable")),
                fields.optionalObject("candidate").map(LimiterParser::limiter),
                (int) fields.integer("replicas", 1, 1_000_000),
                deadManSwitch(fields));
        fields.end();
        return config;
    }

    private static RolloutRef rollout(Fields fields) {
        var rollout = new RolloutRef(name(fields, "namespace"), name(fields, "name"), name(fields, "uid"));
        fields.end();
        return rollout;
    }

    // Kubernetes names: no brace, slash or blank, so that keys made of them cannot collide.
    private static String name(Fields fields, String field) {
        var name = fields.text(field);
        if (!name.matches("[A-Za-z0-9.-]{1,253}")) {
            throw fields.fault(field, "must be 1 to 253 letters, digits, dots or dashes");
        }
        return name;
    }

    private static Optional<Duration> deadManSwitch(Fields fields) {
        var seconds = fields.optionalInteger("deadManSwitchSeconds", 1, 86_400);
        return seconds.isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds.getAsLong()));
    }
}
