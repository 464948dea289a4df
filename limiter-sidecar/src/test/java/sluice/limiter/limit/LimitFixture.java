package sluice.limiter.limit;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.Cidr;
import sluice.limiter.config.Enforcement;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.config.Limit;
import sluice.limiter.config.LimitMatch;
import sluice.limiter.config.Limiter;
import sluice.limiter.config.LimiterBackend;
import sluice.limiter.config.WafHeaders;
import sluice.limiter.judge.RequestHead;

/** Limits and requests that name only what matters. */
final class LimitFixture {

    static final IdentityRules BY_HEADER =
            new IdentityRules(Optional.of("X-User-Id"), Optional.empty(), List.of(Cidr.parse("10.0.0.0/8")), 64);
    static final WafHeaders WAF = new WafHeaders(Optional.of("X-WAF-Decision"), Optional.of("X-WAF-Rule"));

    private LimitFixture() {}

    static Limit limit(String name, long tokens, Duration period, long burst) {
        return limit(name, LimitMatch.ANY, tokens, period, burst);
    }

    static Limit limit(String name, LimitMatch match, long tokens, Duration period, long burst) {
        return new Limit(name, match, Optional.of(size(tokens, period, burst)), List.of(), 1, List.of());
    }

    /** One token, of a bucket of this size. */
    static Demand demand(String limit, long tokens, Duration period, long burst) {
        return new Demand(limit, size(tokens, period, burst), 1);
    }

    static BucketSize size(long tokens, Duration period, long burst) {
        return new BucketSize(tokens, period, burst, 1);
    }

    static LimitMatch prefix(String prefix) {
        return new LimitMatch(Optional.empty(), Optional.of(prefix), Set.of(), Map.of());
    }

    static Limiter limiter(String revision, Enforcement enforcement, Limit... limits) {
        return new Limiter(
                revision,
                LimiterBackend.MEMORY,
                Optional.empty(),
                List.of(limits),
                BY_HEADER,
                List.of("/healthz"),
                WAF,
                enforcement);
    }

    static RequestHead request(String path, String... headers) {
        return requestFrom("10.0.0.1", path, headers);
    }

    static RequestHead requestFrom(String peer, String path, String... headers) {
        var all = new DefaultHttpHeaders();
        for (var at = 0; at < headers.length; at += 2) {
            all.add(headers[at], headers[at + 1]);
        }
        try {
            return new RequestHead("GET", path, all, InetAddress.getByName(peer));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
