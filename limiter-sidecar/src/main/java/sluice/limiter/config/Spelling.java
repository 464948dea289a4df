package sluice.limiter.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the document and the file, which is written as the custom resource is, say in different words. */
interface Spelling {

    /** Where the user's name is found. */
    record User(Optional<String> header, Optional<JwtRules> jwt) {

        static final User UNKNOWN = new User(Optional.empty(), Optional.empty());
    }

    /** The longest that a limit's period may be. */
    Duration LONGEST_PERIOD = Duration.ofDays(366);

    /** What a limit's period is called. */
    String periodField();

    /** A limit's period, when it is there and right. */
    Optional<Duration> period(Fields limit);

    /** The burst of a limit, or of one of its tiers. */
    long burst(Fields size, long tokens, long least, long most);

    /** Where a limiter says which tokens it verifies. */
    String jwtField();

    /** The redis section; reads it to its end. */
    RedisSettings redis(Fields redis);

    /** The user of an identity section. */
    User user(Fields identity);

    /** The paths that a limiter exempts, {@code most} at most. */
    List<String> exemptPaths(Fields limiter, int most);

    /** A network of trusted proxies, as {@link Cidr#parse} reads it. */
    Cidr trustedProxy(String text);

    /** The waf section; reads it to its end. */
    WafHeaders waf(Fields waf);

    /** Looks at what fits not together. */
    void check(Fields limiter, Limiter read);
}
