package sluice.limiter.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Reads one limiter. */
public final class LimiterParser {

    private static final int MOST_LIMITS = 64;
    private static final int MOST_ENTRIES = 256;

    private final Spelling spelling;
    private final LimitParser limitParser;

    LimiterParser(Spelling spelling) {
        this.spelling = spelling;
        this.limitParser = new LimitParser(spelling);
    }

    /** For limiters that are written as in the custom resource. */
    public static LimiterParser ofResource() {
        return new LimiterParser(new ResourceSpelling());
    }

    /** Reads a limiter to its end, but for the field {@code revision}, whose value is told. */
    public Limiter limiter(Fields fields, String revision) {
        var backend = fields.choice("backend", LimiterBackend.values());
        var limiter = new Limiter(
                revision,
                backend,
                redis(fields, backend),
                limits(fields),
                identity(fields, "identity"),
                spelling.exemptPaths(fields, MOST_ENTRIES),
                fields.optionalObject("waf").map(spelling::waf).orElse(WafHeaders.NONE),
                fields.optionalChoice("enforcement", Enforcement.values()).orElse(Enforcement.ENFORCE),
                fields.optionalFlag("legacyHeaders").orElse(false));
        TierParser.check(fields, limiter.limits(), limiter.identity(), spelling.jwtField());
        spelling.check(fields, limiter);
        fields.end();
        return limiter;
    }

    private Optional<RedisSettings> redis(Fields fields, LimiterBackend backend) {
        var redis = fields.optionalObject("redis").map(spelling::redis);
        if (backend == LimiterBackend.REDIS && redis.isEmpty()) {
            fields.fault("redis", "is missing; the backend Redis needs it");
        }
        return backend == LimiterBackend.REDIS ? redis : Optional.empty();
    }

    /** A folder's name below the secrets, never a way out of it. */
    static String secret(Fields fields, String name) {
        return fields.required(
                name,
                secret -> {
                    if (!secret.matches("[a-z0-9][a-z0-9.-]{0,252}")) {
                        throw new IllegalArgumentException(
                                "must be the name of a Secret: lower-case letters, digits, dots and dashes, a letter or digit"
                                        + " first");
                    }
                    return secret;
                },
                "");
    }

    private List<Limit> limits(Fields fields) {
        var names = new HashSet<String>();
        var limits = new ArrayList<Limit>();
        for (var each : fields.objects("limits", MOST_LIMITS)) {
            var limit = limitParser.limit(each);
            if (each.isSound("name") && !names.add(limit.name())) {
                each.fault("name", "must be unique, " + limit.name() + " is there twice");
            }
            limits.add(limit);
        }
        return List.copyOf(limits);
    }

    IdentityRules identity(Fields parent, String name) {
        return parent.optionalObject(name).map(this::identity).orElse(IdentityRules.CLIENT_ADDRESS);
    }

    private IdentityRules identity(Fields fields) {
        var user = spelling.user(fields);
        var rules = new IdentityRules(
                user.header(), user.jwt(), fields.texts("trustedProxies", MOST_ENTRIES, spelling::trustedProxy), (int)
                        fields.optionalInteger("ipv6Prefix", 1, 128).orElse(64));
        fields.end();
        return rules;
    }
}
