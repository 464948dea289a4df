package sluice.limiter.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The words of {@code spec.limiter} of the custom resource, with its defaults and checks. */
final class ResourceSpelling implements Spelling {

    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(20);
    private static final JwtParser JWT = new JwtParser("jwksSecretRef", "hmacSecretRef", ResourceSpelling::secretRef);

    @Override
    public String periodField() {
        return "per";
    }

    @Override
    public Optional<Duration> period(Fields limit) {
        return limit.optional(periodField(), Durations.between(SHORTEST_PERIOD, LONGEST_PERIOD));
    }

    @Override
    public long burst(Fields size, long tokens, long least, long most) {
        return size.optionalInteger("burst", least, most).orElse(Math.max(1, tokens));
    }

    @Override
    public String jwtField() {
        return "identity.user.jwt";
    }

    @Override
    public RedisSettings redis(Fields redis) {
        var settings = new RedisSettings(
                secretRef(redis, "secretRef"),
                redis.optional("timeout", Durations.between(SHORTEST_PERIOD, LONGEST_TIMEOUT))
                        .orElse(DEFAULT_TIMEOUT));
        redis.end();
        return settings;
    }

    static String secretRef(Fields parent, String name) {
        var reference = parent.object(name);
        var secret = LimiterParser.secret(reference, "name");
        reference.end();
        return secret;
    }

    @Override
    public User user(Fields identity) {
        return identity.optionalObject("user").map(ResourceSpelling::oneOf).orElse(User.UNKNOWN);
    }

    private static User oneOf(Fields fields) {
        var user = new User(
                fields.optionalText("header"), fields.optionalObject("jwt").map(JWT::parse));
        fields.end();
        if (user.header().isPresent() == user.jwt().isPresent() && fields.isSound("header")) {
            fields.fault("jwt", "must be given, or header, and not both");
        }
        return user;
    }

    @Override
    public List<String> exemptPaths(Fields limiter, int most) {
        return limiter.optionalObject("exempt")
                .map(exempt -> {
                    var paths = exempt.texts("paths", most, ResourceCheck::path);
                    exempt.end();
                    return paths;
                })
                .orElse(List.of());
    }

    @Override
    public Cidr trustedProxy(String text) {
        return ResourceCheck.trustedProxy(text);
    }

    @Override
    public WafHeaders waf(Fields waf) {
        var headers = new WafHeaders(
                Optional.of(waf.optionalText("decisionHeader").orElse("X-WAF-Decision")),
                Optional.of(waf.optionalText("ruleHeader").orElse("X-WAF-Rule")));
        waf.end();
        return headers;
    }

    @Override
    public void check(Fields limiter, Limiter read) {
        new ResourceCheck(limiter).check(read);
        if (read.backend() != LimiterBackend.REDIS && limiter.isSound("backend") && limiter.has("redis")) {
            limiter.fault("redis", "is for the backend Redis; remove it, or set backend: Redis");
        }
        if (read.backend() != LimiterBackend.OFF && read.limits().isEmpty() && limiter.isSound("limits")) {
            limiter.fault("limits", "must have at least one limit, or backend must be Off");
        }
        if (read.waf().decisionHeader().isPresent()
                && read.identity().trustedProxies().isEmpty()) {
            limiter.fault(
                    "waf",
                    "a verdict is believed from trusted proxies only; add the firewall's network to identity.trustedProxies");
        }
        if (read.identity().userHeader().isPresent()
                && read.identity().trustedProxies().isEmpty()) {
            limiter.fault(
                    "identity",
                    "user.header is believed from trusted proxies only; name at least one network, such as 10.0.0.0/8, in"
                            + " identity.trustedProxies");
        }
    }
}
