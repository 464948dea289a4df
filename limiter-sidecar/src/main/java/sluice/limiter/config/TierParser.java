package sluice.limiter.config;

import java.util.List;
import java.util.function.BiFunction;

/** Reads a limit's tiers. */
final class TierParser {

    private static final int MOST_TIERS = 16;

    // Of a token's claims longer ones are not kept.
    private static final int LONGEST_TEXT = 128;

    private TierParser() {}

    static List<Tier> tiers(Fields limit, SizeParser sizes) {
        return limit.objects("tiers", MOST_TIERS).stream()
                .map(each -> tier(each, sizes))
                .toList();
    }

    private static Tier tier(Fields fields, SizeParser sizes) {
        var tier = new Tier(mark(fields), sizes.size(fields));
        fields.end();
        return tier;
    }

    private static Tier.Mark mark(Fields fields) {
        var claim = fields.optionalObject("claim").map(it -> mark(it, Tier.Mark.Claim::new));
        var header = fields.optionalObject("header").map(it -> mark(it, Tier.Mark.Header::new));
        if (claim.isPresent() == header.isPresent() && fields.isSound("claim")) {
            fields.fault("claim", "must be given, or header, and not both");
        }
        return claim.or(() -> header).orElseGet(() -> new Tier.Mark.Claim("", ""));
    }

    private static Tier.Mark mark(Fields fields, BiFunction<String, String, Tier.Mark> mark) {
        var read = mark.apply(text(fields, "name"), text(fields, "value"));
        fields.end();
        return read;
    }

    private static String text(Fields fields, String name) {
        var text = fields.text(name);
        if (text.length() > LONGEST_TEXT) {
            fields.fault(name, "must be at most " + LONGEST_TEXT + " characters, has " + text.length());
        }
        return text;
    }

    /** Refuses tiers by what nobody is believed to say: their callers would have the limit's own size, and nobody would know why. */
    static void check(Fields limiter, List<Limit> limits, IdentityRules identity, String jwt) {
        for (var limit = 0; limit < limits.size(); limit++) {
            var tiers = limits.get(limit).tiers();
            for (var tier = 0; tier < tiers.size(); tier++) {
                var at = "limits[" + limit + "].tiers[" + tier + "]";
                switch (tiers.get(tier).mark()) {
                    case Tier.Mark.Claim _
                    when identity.jwt().isEmpty() ->
                        limiter.fault(at + ".claim", "is believed from verified tokens only; give " + jwt);
                    case Tier.Mark.Header _
                    when identity.trustedProxies().isEmpty() ->
                        limiter.fault(
                                at + ".header",
                                "is believed from trusted proxies only; name at least one network in identity.trustedProxies");
                    case Tier.Mark.Claim _, Tier.Mark.Header _ -> {}
                }
            }
        }
    }
}
