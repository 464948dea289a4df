package sluice.limiter.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** Reads the sidecar's document. Strict: an unknown field, a missing one and a number out of range are refused by name. */
public final class LimiterConfigParser {

    private static final LimiterParser LIMITERS = new LimiterParser(new DocumentSpelling());

    private LimiterConfigParser() {}

    /**
     * Reads the document's text.
     *
     * @throws InvalidConfigException when the document cannot be applied as it is
     */
    public static LimiterConfig parse(String document) {
        try {
            return parse(JsonTree.read(document));
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw InvalidConfigException.at(
                    Faults.DOCUMENT, "is not JSON at line " + where.getLineNr() + ", column " + where.getColumnNr());
        }
    }

    /**
     * Reads the document, already taken apart.
     *
     * @throws InvalidConfigException when it cannot be applied as it is
     */
    public static LimiterConfig parse(JsonNode document) {
        var faults = new Faults();
        var config = config(Fields.of(document, faults));
        faults.throwIfAny();
        return config;
    }

    private static LimiterConfig config(Fields fields) {
        fields.integer("version", LimiterConfig.VERSION, LimiterConfig.VERSION);
        var config = new LimiterConfig(
                rollout(fields.object("rollout")),
                fields.integer("epoch", 0, Long.MAX_VALUE),
                (int) fields.integer("weight", 0, 100),
                LIMITERS.identity(fields, "armIdentity"),
                limiter(fields.object("stable")),
                fields.optionalObject("candidate").map(LimiterConfigParser::limiter),
                (int) fields.integer("replicas", 1, 1_000_000),
                fields.optionalObject("maintenance").map(LimiterConfigParser::maintenance),
                deadManSwitch(fields));
        fields.end();
        return config;
    }

    private static Limiter limiter(Fields fields) {
        return LIMITERS.limiter(fields, fields.text("revision"));
    }

    private static RolloutRef rollout(Fields fields) {
        var rollout = new RolloutRef(
                fields.required("namespace", LimiterConfigParser::name, ""),
                fields.required("name", LimiterConfigParser::name, ""),
                fields.required("uid", LimiterConfigParser::name, ""));
        fields.end();
        return rollout;
    }

    // Kubernetes names: no brace, slash or blank, so that keys made of them cannot collide.
    static String name(String name) {
        if (!name.matches("[A-Za-z0-9.-]{1,253}")) {
            throw new IllegalArgumentException("must be 1 to 253 letters, digits, dots or dashes");
        }
        return name;
    }

    private static Maintenance maintenance(Fields fields) {
        var seconds = fields.integer("retryAfterSeconds", 1, Maintenance.LONGEST_RETRY_AFTER.toSeconds());
        fields.end();
        return new Maintenance(Duration.ofSeconds(seconds));
    }

    private static Optional<Duration> deadManSwitch(Fields fields) {
        var seconds = fields.optionalInteger("deadManSwitchSeconds", 1, 86_400);
        return seconds.isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds.getAsLong()));
    }
}
