package sluice.limiter.proxy;

import java.util.Locale;
import java.util.Optional;

/**
 * What a request line asks for, read once: limits are matched with {@code path} and the app is sent {@code forwarded}, which decodes to
 * the same path, so that no spelling of a path can evade its limit.
 *
 * @param path decoded and normalised, without the query; {@code *} for {@code OPTIONS *}
 * @param forwarded the path, encoded, and the query as it came
 * @param authority of an absolute-form target
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, section 3.2</a>
 */
record RequestTarget(String path, String forwarded, Optional<String> authority) {

    /** Empty when {@code target}, of bytes as chars, is malformed, holds a control character or an encoded NUL, or leads out of the root. */
    static Optional<RequestTarget> parse(String target, boolean options) {
        if (target.startsWith("/")) {
            return origin(target, Optional.empty());
        }
        if (target.equals("*")) {
            return options ? Optional.of(asterisk(Optional.empty())) : Optional.empty();
        }
        return absolute(target, options);
    }

    /** Of the server as a whole; in absolute form a proxy says so with neither path nor query (RFC 9112, section 3.2.4). */
    private static RequestTarget asterisk(Optional<String> authority) {
        return new RequestTarget("*", "*", authority);
    }

    private static Optional<RequestTarget> absolute(String target, boolean options) {
        var scheme = target.toLowerCase(Locale.ROOT);
        var start = scheme.startsWith("http://") ? 7 : scheme.startsWith("https://") ? 8 : -1;
        if (start < 0) {
            return Optional.empty();
        }
        var end = start;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        var authority = target.substring(start, end);
        var rest = target.substring(end);
        if (authority.isEmpty()) {
            return Optional.empty();
        }
        return options && rest.isEmpty()
                ? Optional.of(asterisk(Optional.of(authority)))
                : origin(rest.startsWith("/") ? rest : "/" + rest, Optional.of(authority));
    }

    /** A control character, which some servers cut a target off at, or a fragment, which is the client's own affair. */
    private static boolean hasForbidden(String target) {
        for (var i = 0; i < target.length(); i++) {
            var c = target.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                return true;
            }
        }
        return false;
    }

    private static Optional<RequestTarget> origin(String target, Optional<String> authority) {
        var query = target.indexOf('?');
        if (hasForbidden(target)) {
            return Optional.empty();
        }
        var rawPath = query < 0 ? target : target.substring(0, query);
        return NormalPath.of(rawPath).map(path -> {
            var suffix = query < 0 ? "" : NormalPath.encodeIllegal(target.substring(query));
            return new RequestTarget(path.decoded(), path.encoded().concat(suffix), authority);
        });
    }
}
