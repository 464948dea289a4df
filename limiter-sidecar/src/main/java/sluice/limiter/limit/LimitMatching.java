package sluice.limiter.limit;

import sluice.limiter.config.LimitMatch;
import sluice.limiter.judge.RequestHead;

/** Tells whether a limit applies to a request. */
final class LimitMatching {

    private LimitMatching() {}

    static boolean matches(LimitMatch match, RequestHead head) {
        return match.path().filter(path -> !path.equals(head.path())).isEmpty()
                && match.pathPrefix()
                        .filter(prefix -> !isBelow(head.path(), prefix))
                        .isEmpty()
                && (match.methods().isEmpty() || match.methods().contains(head.method()))
                && match.headers().entrySet().stream()
                        .allMatch(header -> head.headers().containsValue(header.getKey(), header.getValue(), false));
    }

    private static boolean isBelow(String path, String prefix) {
        var end = prefix.endsWith("/") ? prefix.length() - 1 : prefix.length();
        return path.startsWith(prefix.substring(0, end)) && (path.length() == end || path.charAt(end) == '/');
    }
}
