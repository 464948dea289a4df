package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import sluice.limiter.judge.LimitState;

/**
 * The headers by which a caller learns its limit: {@code RateLimit-Policy: "api";q=100;w=60} and {@code RateLimit: "api";r=12;t=34}.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">draft-ietf-httpapi-ratelimit-headers-10</a>
 */
final class RateLimitFields {

    static final AsciiString POLICY = AsciiString.cached("ratelimit-policy");
    static final AsciiString STATE = AsciiString.cached("ratelimit");

    private static final int REMEMBERED = 256;

    private record Policy(String limit, long tokens, Duration period) {}

    private final Map<Policy, String> policies = new HashMap<>();

    /** Sets both, in place of the app's own. */
    void set(HttpHeaders headers, LimitState state) {
        headers.set(POLICY, policy(state));
        headers.set(STATE, quoted(state.limit()) + ";r=" + state.remaining() + ";t=" + wholeSeconds(state.reset()));
    }

    private String policy(LimitState state) {
        if (policies.size() > REMEMBERED) {
            policies.clear();
        }
        return policies.computeIfAbsent(
                new Policy(state.limit(), state.tokens(), state.period()), RateLimitFields::written);
    }

    /** The window is in whole seconds: one that is not cannot be told. */
    private static String written(Policy policy) {
        var quota = quoted(policy.limit()) + ";q=" + policy.tokens();
        return policy.period().toMillis() % 1_000 == 0
                ? quota + ";w=" + policy.period().toSeconds()
                : quota;
    }

    /** A string of structured fields (RFC 9651, section 3.3.3). */
    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Rounded up: whoever waits as long as told must not come too early. */
    static long wholeSeconds(Duration duration) {
        return duration.isPositive() ? duration.plusNanos(999_999_999).toSeconds() : 0;
    }
}
