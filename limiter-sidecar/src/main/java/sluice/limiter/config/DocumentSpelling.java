package sluice.limiter.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The words of the document that the operator renders: numbers are whole, in milliseconds, and nothing is nested without need. */
final class DocumentSpelling implements Spelling {

    private static final JwtParser JWT = new JwtParser("jwksSecret", "hmacSecret", LimiterParser::secret);

    @Override
    public String periodField() {
        return "periodMillis";
    }

    @Override
    public Optional<Duration> period(Fields limit) {
        var millis = limit.optionalInteger(periodField(), 1, LONGEST_PERIOD.toMillis());
        return millis.isEmpty() ? Optional.empty() : Optional.of(Duration.ofMillis(millis.getAsLong()));
    }

    @Override
    public long burst(Fields size, long tokens, long least, long most) {
        return size.integer("burst", least, most);
    }

    @Override
    public String jwtField() {
        return "identity.jwt";
    }

    @Override
    public RedisSettings redis(Fields redis) {
        var timeout = redis.optionalInteger("timeoutMillis", 1, 10_000).orElse(20);
        var settings = new RedisSettings(LimiterParser.secret(redis, "secret"), Duration.ofMillis(timeout));
        redis.end();
        return settings;
    }

    @Override
    public User user(Fields identity) {
        var user = new User(
                identity.optionalText("userHeader"),
                identity.optionalObject("jwt").map(JWT::parse));
        if (user.header().isPresent() && user.jwt().isPresent()) {
            identity.fault("jwt", "must be absent when userHeader is given; a user comes from one of the two");
        }
        return user;
    }

    @Override
    public List<String> exemptPaths(Fields limiter, int most) {
        return limiter.texts("exemptPaths", most);
    }

    @Override
    public Cidr trustedProxy(String text) {
        return Cidr.parse(text);
    }

    @Override
    public WafHeaders waf(Fields waf) {
        var headers = new WafHeaders(waf.optionalText("decisionHeader"), waf.optionalText("ruleHeader"));
        waf.end();
        return headers;
    }

    /** The resource was checked at its admission. */
    @Override
    public void check(Fields limiter, Limiter read) {}
}
