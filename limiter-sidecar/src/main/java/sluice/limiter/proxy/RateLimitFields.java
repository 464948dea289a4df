package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.limiter.judge.LimitReport;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;

/**
 * The headers by which a caller learns its limits: {@code RateLimit-Policy: "api";q=100;w=60} and {@code RateLimit: "api";r=50;t=30},
 * both lists with a member for each limit.
 *
 * <p>What is in {@code t} lets a caller that keeps to "at most r in t seconds" go on at the limit's own pace, whatever the burst: the
 * time in which r tokens come. Told the time to a full bucket it would stand still with an empty one for much longer than it has to.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/">draft-ietf-httpapi-ratelimit-headers-11</a>
 */
final class RateLimitFields {

    static final AsciiString POLICY = AsciiString.cached("ratelimit-policy");
    static final AsciiString STATE = AsciiString.cached("ratelimit");

    private static final AsciiString LEGACY_LIMIT = AsciiString.cached("x-ratelimit-limit");
    private static final AsciiString LEGACY_REMAINING = AsciiString.cached("x-ratelimit-remaining");
    private static final AsciiString LEGACY_RESET = AsciiString.cached("x-ratelimit-reset");
    private static final int REMEMBERED = 256;

    /** The largest integer of structured fields (RFC 9651, section 3.3.1): fifteen digits. */
    private static final long MOST = 999_999_999_999_999L;

    private record Policy(String limit, long tokens, Duration period) {}

    private final Map<Policy, String> policies = new HashMap<>();

    /** Tells an allowed caller. What the app tells of limits of its own stays: the two are lists, to which ours are added. */
    void add(HttpHeaders headers, LimitReport limits) {
        add(headers, limits, List.of(), "");
    }

    /** Tells a throttled caller: the limits that it exceeded have the time in common that {@code Retry-After} tells, the others none. */
    void add(HttpHeaders headers, Outcome.Throttle throttle) {
        var wait =
                throttle.retryAfter().map(after -> ";t=" + delaySeconds(after)).orElse("");
        add(headers, throttle.limits(), throttle.exceeded(), wait);
    }

    private void add(HttpHeaders headers, LimitReport limits, List<String> exceeded, String wait) {
        var states = limits.states();
        if (states.isEmpty()) {
            return;
        }
        if (isList(headers, POLICY) && isList(headers, STATE)) {
            var policy = new StringBuilder();
            var state = new StringBuilder();
            for (var each : states) {
                var separator = policy.isEmpty() ? "" : ", ";
                policy.append(separator).append(policy(each));
                state.append(separator)
                        .append(quoted(each.limit()))
                        .append(";r=")
                        .append(each.remaining());
                state.append(time(each, exceeded, wait));
            }
            headers.add(POLICY, policy.toString());
            headers.add(STATE, state.toString());
        }
        if (limits.legacy()) {
            limits.tightest().ifPresent(tightest -> addLegacy(headers, tightest));
        }
    }

    /** False for what earlier drafts wrote, to which no member can be added. */
    private static boolean isList(HttpHeaders headers, AsciiString name) {
        for (var value : headers.getAll(name)) {
            if (!value.stripLeading().startsWith("\"")) {
                return false;
            }
        }
        return true;
    }

    private static String time(LimitState state, List<String> exceeded, String wait) {
        if (exceeded.isEmpty()) {
            return state.tokens() == 0 ? "" : ";t=" + secondsOf(Math.max(1, state.remaining()), state);
        }
        return exceeded.contains(state.limit()) ? wait : "";
    }

    /** How long as many tokens take to come, in whole seconds; no bucket counts more than 2^53 token-microseconds. */
    private static long secondsOf(long count, LimitState state) {
        var micros = state.period().toNanos() / 1_000;
        return Math.ceilDiv(Math.ceilDiv(micros * count, state.tokens()), 1_000_000);
    }

    /** These hold one value: where the app has them, they are the app's. Reset is in seconds from now, as Envoy has it. */
    private static void addLegacy(HttpHeaders headers, LimitState state) {
        if (!headers.contains(LEGACY_LIMIT) && !headers.contains(LEGACY_REMAINING) && !headers.contains(LEGACY_RESET)) {
            headers.set(LEGACY_LIMIT, Long.toString(state.tokens()));
            headers.set(LEGACY_REMAINING, Long.toString(state.remaining()));
            headers.set(LEGACY_RESET, Long.toString(wholeSeconds(state.reset())));
        }
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
        var quota = quoted(policy.limit()) + ";q=" + Math.min(MOST, policy.tokens());
        return policy.period().toMillis() % 1_000 == 0
                ? quota + ";w=" + policy.period().toSeconds()
                : quota;
    }

    /** A string of structured fields (RFC 9651, section 3.3.3). */
    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** What {@code Retry-After} says: at least a second, for less would be "at once". */
    static long delaySeconds(Duration wait) {
        return Math.max(1, wholeSeconds(wait));
    }

    /** Rounded up: whoever waits as long as told must not come too early. */
    private static long wholeSeconds(Duration duration) {
        return duration.isPositive() ? duration.plusNanos(999_999_999).toSeconds() : 0;
    }
}
