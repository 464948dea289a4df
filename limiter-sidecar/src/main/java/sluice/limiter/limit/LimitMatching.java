package sluice.limiter.limit;

import java.util.regex.Pattern;
import sluice.limiter.config.LimitMatch;
import sluice.limiter.judge.RequestHead;

/** Tells whether a limit applies to a request. */
final class LimitMatching {

    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern EMPTY_SEGMENTS = Pattern.compile("/{2,}");

    private LimitMatching() {}

    static boolean matches(LimitMatch match, RequestHead head) {
        return isOnPath(match, head.path())
                && (match.methods().isEmpty() || match.methods().contains(head.method()))
                && match.headers().entrySet().stream()
                        .allMatch(header -> head.headers().containsValue(header.getKey(), header.getValue(), false));
    }

    // Some servers serve /api;a=1/orders as /api/orders, others as itself: a limit for either applies.
    private static boolean isOnPath(LimitMatch match, String path) {
        return isOn(match, path) || (path.indexOf(';') >= 0 && isOn(match, withoutParameters(path)));
    }

    private static boolean isOn(LimitMatch match, String path) {
        return match.path().filter(exact -> !exact.equals(path)).isEmpty()
                && match.pathPrefix().filter(prefix -> !isBelow(path, prefix)).isEmpty();
    }

    /** Each segment up to its first semicolon; a segment of nothing else is none. */
    private static String withoutParameters(String path) {
        var cut = PARAMETERS.matcher(path).replaceAll("");
        return EMPTY_SEGMENTS.matcher(cut).replaceAll("/");
    }

    private static boolean isBelow(String path, String prefix) {
        var end = prefix.endsWith("/") ? prefix.length() - 1 : prefix.length();
        return path.startsWith(prefix.substring(0, end)) && (path.length() == end || path.charAt(end) == '/');
    }
}
