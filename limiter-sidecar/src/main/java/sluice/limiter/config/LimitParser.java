package sluice.limiter.config;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads one limit and checks that both kinds of bucket can count it exactly. */
final class LimitParser {

    /** Integers up to here are exact in a Lua number. */
    private static final long EXACT = 1L << 53;

    private static final int MOST_METHODS = 32;
    private static final long LONGEST_PERIOD_MILLIS = Duration.ofDays(366).toMillis();

    private LimitParser() {}

    static Limit limit(Fields fields) {
        var tokens = fields.integer("tokens", 0, EXACT);
        var limit = new Limit(
                name(fields),
                fields.optionalObject("match").map(LimitParser::match).orElse(LimitMatch.ANY),
                tokens,
                Duration.ofMillis(fields.integer("periodMillis", 1, LONGEST_PERIOD_MILLIS)),
                fields.integer("burst", tokens == 0 ? 0 : 1, EXACT));
        checkExact(fields, limit);
        fields.end();
        return limit;
    }

    private static String name(Fields fields) {
        var name = fields.text("name");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw fields.fault("name", "must be 1 to 63 letters, digits, dots, dashes or underscores");
        }
        return name;
    }

    private static void checkExact(Fields fields, Limit limit) {
        var mostBurst = EXACT / limit.size().periodMicros();
        if (limit.burst() > mostBurst) {
            throw fields.fault("burst", "must be at most " + mostBurst + " for this period, is " + limit.burst());
        }
        // Bucket4j counts at most one token a nanosecond.
        if (limit.tokens() > limit.size().periodMicros() * 1000) {
            throw fields.fault("tokens", "must be at most 1000000000 a second, is " + limit.tokens());
        }
    }

    private static LimitMatch match(Fields fields) {
        var match = new LimitMatch(
                path(fields, "path"),
                path(fields, "pathPrefix"),
                Set.copyOf(fields.texts("methods", MOST_METHODS)),
                fields.textsByName("headers"));
        fields.end();
        return match;
    }

    private static Optional<String> path(Fields fields, String name) {
        var path = fields.optionalText(name);
        if (path.isPresent() && !path.get().startsWith("/")) {
            throw fields.fault(name, "must start with /, is " + path.get());
        }
        return path;
    }
}
