package sluice.limiter.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Reads one limiter of the document. */
final class LimiterParser {

    private static final int MOST_LIMITS = 64;
    private static final int MOST_ENTRIES = 256;

    private LimiterParser() {}

    static Limiter limiter(Fields fields) {
        var backend = backend(fields);
        var limiter = new Limiter(
                fields.text("revision"),
                backend,
                redis(fields, backend),
                limits(fields),
                identity(fields, "identity"),
                fields.texts("exemptPaths", MOST_ENTRIES),
                waf(fields),
                enforcement(fields));
        TierParser.check(fields, limiter.limits(), limiter.identity());
        fields.end();
        return limiter;
    }

    private static LimiterBackend backend(Fields fields) {
        return switch (fields.text("backend")) {
            case "Off" -> LimiterBackend.OFF;
            case "Memory" -> LimiterBackend.MEMORY;
            case "Redis" -> LimiterBackend.REDIS;
            default -> throw fields.fault("backend", "must be Off, Memory or Redis");
        };
    }

    private static Enforcement enforcement(Fields fields) {
        return switch (fields.optionalText("enforcement").orElse("Enforce")) {
            case "Enforce" -> Enforcement.ENFORCE;
            case "Shadow" -> Enforcement.SHADOW;
            default -> throw fields.fault("enforcement", "must be Enforce or Shadow");
        };
    }

    private static Optional<RedisSettings> redis(Fields fields, LimiterBackend backend) {
        var redis = fields.optionalObject("redis").map(LimiterParser::redis);
        if (backend == LimiterBackend.REDIS && redis.isEmpty()) {
            throw fields.fault("redis", "is missing; the backend Redis needs redis.secret");
        }
        return backend == LimiterBackend.REDIS ? redis : Optional.empty();
    }

    private static RedisSettings redis(Fields fields) {
        var timeout = fields.optionalInteger("timeoutMillis", 1, 10_000).orElse(20);
        var redis = new RedisSettings(secret(fields, "secret"), Duration.ofMillis(timeout));
        fields.end();
        return redis;
    }

    // A folder's name below the mounted secrets, never a way out of it.
    private static String secret(Fields fields, String name) {
        return optionalSecret(fields, name).orElseThrow(() -> fields.fault(name, "is missing"));
    }

    private static Optional<String> optionalSecret(Fields fields, String name) {
        var secret = fields.optionalText(name);
        if (secret.isPresent() && !secret.get().matches("[a-z0-9][a-z0-9.-]{0,252}")) {
            throw fields.fault(name, "must be the name of a Secret");
        }
        return secret;
    }

    private static List<Limit> limits(Fields fields) {
        var names = new HashSet<String>();
        return fields.objects("limits", MOST_LIMITS).stream()
                .map(each -> {
                    var limit = LimitParser.limit(each);
                    if (!names.add(limit.name())) {
                        throw each.fault("name", "must be unique, " + limit.name() + " is there twice");
                    }
                    return limit;
                })
                .toList();
    }

    static IdentityRules identity(Fields parent, String name) {
        return parent.optionalObject(name).map(LimiterParser::identity).orElse(IdentityRules.CLIENT_ADDRESS);
    }

    private static IdentityRules identity(Fields fields) {
        var rules = new IdentityRules(
                fields.optionalText("userHeader"),
                fields.optionalObject("jwt").map(LimiterParser::jwt),
                trustedProxies(fields),
                (int) fields.optionalInteger("ipv6Prefix", 1, 128).orElse(64));
        if (rules.userHeader().isPresent() && rules.jwt().isPresent()) {
            throw fields.fault("jwt", "must be absent when userHeader is given; a user comes from one of the two");
        }
        fields.end();
        return rules;
    }

    private static JwtRules jwt(Fields fields) {
        var jwt = new JwtRules(
                tokenKeys(fields),
                fields.optionalText("claim").orElse("sub"),
                fields.optionalText("audience"),
                fields.optionalText("issuer"));
        fields.end();
        return jwt;
    }

    private static TokenKeySource tokenKeys(Fields fields) {
        var jwks = optionalSecret(fields, "jwksSecret").<TokenKeySource>map(TokenKeySource.Jwks::new);
        var hmac = optionalSecret(fields, "hmacSecret").<TokenKeySource>map(TokenKeySource.Hmac::new);
        if (jwks.isPresent() && hmac.isPresent()) {
            throw fields.fault(
                    "hmacSecret", "must be absent when jwksSecret is given; tokens are verified by one of the two");
        }
        return jwks.or(() -> hmac).orElseThrow(() -> fields.fault("jwksSecret", "is missing; give it, or hmacSecret"));
    }

    private static List<Cidr> trustedProxies(Fields fields) {
        var index = 0;
        var proxies = new ArrayList<Cidr>();
        for (var network : fields.texts("trustedProxies", MOST_ENTRIES)) {
            try {
                proxies.add(Cidr.parse(network));
            } catch (IllegalArgumentException e) {
                throw InvalidConfigException.at(
                        fields.at("trustedProxies[" + index + "]"),
                        "must be a network such as 10.0.0.0/8 or 2001:db8::/32, is " + network);
            }
            index++;
        }
        return List.copyOf(proxies);
    }

    private static WafHeaders waf(Fields parent) {
        return parent.optionalObject("waf")
                .map(fields -> {
                    var waf = new WafHeaders(fields.optionalText("decisionHeader"), fields.optionalText("ruleHeader"));
                    fields.end();
                    return waf;
                })
                .orElse(WafHeaders.NONE);
    }
}
