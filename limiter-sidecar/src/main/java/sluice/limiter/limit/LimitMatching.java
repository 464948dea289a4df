package sluice.limiter.limit;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import java.util.regex.Pattern;
import sluice.limiter.config.LimitMatch;
import sluice.limiter.judge.RequestHead;

/** Tells whether a limit applies to a request. */
final class LimitMatching {

    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern EMPTY_SEGMENTS = Pattern.compile("/{2,}");

    private LimitMatching() {}

    // Some servers serve /api;a=1/orders as /api/orders, others as itself: a limit for either applies.
    static boolean matches(LimitMatch match, RequestHead head) {
        var path = head.path();
        return matches(match, head, path) || (hasParameters(path) && matches(match, head, withoutParameters(path)));
    }

    /** Tells it of a request whose path is read as {@code path}. */
    static boolean matches(LimitMatch match, RequestHead head, String path) {
        return isOn(match, path)
                && (match.methods().isEmpty() || match.methods().contains(head.method()))
                && hasAll(head.headers(), match.headers());
    }

    private static boolean hasAll(HttpHeaders headers, Map<String, String> wanted) {
        for (var header : wanted.entrySet()) {
            if (!has(headers, header.getKey(), header.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** True when the header is this, or a list that has it. */
    private static boolean has(HttpHeaders headers, String name, String value) {
        return headers.containsValue(name, value, false)
                || (value.indexOf(',') >= 0 && headers.getAll(name).contains(value));
    }

    static boolean hasParameters(String path) {
        return path.indexOf(';') >= 0;
    }

    private static boolean isOn(LimitMatch match, String path) {
        return match.path().filter(exact -> !exact.equals(path)).isEmpty()
                && match.pathPrefix().filter(prefix -> !isBelow(path, prefix)).isEmpty();
    }

    /** Each segment up to its first semicolon; a segment of nothing else is none. */
    static String withoutParameters(String path) {
        var cut = PARAMETERS.matcher(path).replaceAll("");
        return EMPTY_SEGMENTS.matcher(cut).replaceAll("/");
    }

    private static boolean isBelow(String path, String prefix) {
        var end = prefix.endsWith("/") ? prefix.length() - 1 : prefix.length();
        return path.startsWith(prefix.substring(0, end)) && (path.length() == end || path.charAt(end) == '/');
    }
}
