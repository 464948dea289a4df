package sluice.limiter.config;

import java.util.Optional;
import java.util.Set;

/** Reads one limit. */
final class LimitParser {

    /** A bucket of one token more would not be exact in a Lua number at the shortest period. */
    private static final long MOST_COST = (1L << 53) / 1000;

    private static final int MOST_METHODS = 32;
    private static final int MOST_COSTS = 16;

    private final Spelling spelling;

    LimitParser(Spelling spelling) {
        this.spelling = spelling;
    }

    Limit limit(Fields fields) {
        var cost = fields.optionalInteger("cost", 1, MOST_COST).orElse(1);
        var costs = fields.objects("costs", MOST_COSTS).stream()
                .map(LimitParser::cost)
                .toList();
        var largest = costs.stream().mapToLong(RequestCost::tokens).reduce(cost, Math::max);
        var sizes = new SizeParser(spelling, fields, largest);
        var limit = new Limit(
                name(fields), match(fields), sizes.size(fields), TierParser.tiers(fields, sizes), cost, costs);
        fields.end();
        return limit.tiers().isEmpty() ? limit : limit.keepingBuckets();
    }

    private static String name(Fields fields) {
        return fields.required(
                "name",
                name -> {
                    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
                        throw new IllegalArgumentException(
                                "must be 1 to 63 letters, digits, dots, dashes or underscores, a letter or digit first");
                    }
                    return name;
                },
                "");
    }

    private static RequestCost cost(Fields fields) {
        var cost = new RequestCost(match(fields), fields.integer("cost", 0, MOST_COST));
        fields.end();
        return cost;
    }

    private static LimitMatch match(Fields parent) {
        return parent.optionalObject("match").map(LimitParser::read).orElse(LimitMatch.ANY);
    }

    private static LimitMatch read(Fields fields) {
        var match = new LimitMatch(
                path(fields, "path"),
                path(fields, "pathPrefix"),
                Set.copyOf(fields.texts("methods", MOST_METHODS)),
                fields.textsByName("headers"));
        fields.end();
        return match;
    }

    private static Optional<String> path(Fields fields, String name) {
        return fields.optional(name, path -> {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("must start with /, is " + path);
            }
            return path;
        });
    }
}
