package sluice.limiter.config;

import java.time.Duration;
import java.util.Optional;

/** Reads the sizes of a limit, its own and its tiers', and checks that both kinds of bucket can count them exactly. */
final class SizeParser {

    /** Integers up to here are exact in a Lua number. */
    private static final long EXACT = 1L << 53;

    private final Spelling spelling;
    private final Fields limit;
    private final Optional<Duration> period;
    private final long largestCost;

    /** For {@code limit}, whose period all its sizes share. */
    SizeParser(Spelling spelling, Fields limit, long largestCost) {
        this.spelling = spelling;
        this.limit = limit;
        this.period = spelling.period(limit);
        this.largestCost = largestCost;
    }

    /** The size that {@code fields} give, the limit's or a tier's; empty when it is unlimited. */
    Optional<BucketSize> size(Fields fields) {
        if (fields.optionalFlag("unlimited").orElse(false)) {
            requireAbsent(fields, "tokens");
            requireAbsent(fields, "burst");
            return Optional.empty();
        }
        if (!fields.has("tokens") && fields.isSound("tokens")) {
            fields.fault("tokens", "is missing; give it, or unlimited: true");
        }
        var tokens = fields.integer("tokens", 0, EXACT);
        var burst = spelling.burst(fields, tokens, mayBeEmpty(fields, tokens) ? 0 : 1, EXACT);
        if (period.isEmpty()) {
            limit.missing(spelling.periodField());
            return Optional.empty();
        }
        var size = new BucketSize(tokens, period.get(), burst, largestCost);
        if (fields.isSound("tokens") && fields.isSound("burst")) {
            check(fields, size);
        }
        return Optional.of(size);
    }

    /** True when the bucket may have no room: nobody gets a token, or nobody has said how many. */
    private static boolean mayBeEmpty(Fields fields, long tokens) {
        return tokens == 0 && (fields.isSound("tokens") || !fields.has("tokens"));
    }

    private static void requireAbsent(Fields fields, String name) {
        if (fields.has(name)) {
            fields.fault(name, "must be absent when unlimited is true");
        }
    }

    private static void check(Fields fields, BucketSize size) {
        if (size.tokens() > 0 && size.burst() < size.largestCost()) {
            fields.fault(
                    "burst",
                    "must be at least the largest cost of the limit, " + size.largestCost() + is(fields, size));
        }
        var mostBurst = EXACT / size.periodMicros();
        if (size.burst() > mostBurst) {
            fields.fault("burst", "must be at most " + mostBurst + " for this period" + is(fields, size));
        }
        // Bucket4j counts at most one token a nanosecond.
        if (size.tokens() > size.periodMicros() * 1000) {
            fields.fault("tokens", "must be at most 1000000000 a second, is " + size.tokens());
        }
    }

    private static String is(Fields fields, BucketSize size) {
        var given = ", is " + size.burst();
        return fields.has("burst") ? given : given + ", as many as tokens; give it";
    }
}
