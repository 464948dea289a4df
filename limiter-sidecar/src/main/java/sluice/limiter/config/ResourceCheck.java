package sluice.limiter.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Finds in a limiter what could be applied, and would not do what it says: a match that no request ever has, and proxies that are
 * everybody. The resource's schema refuses most of it, too.
 */
final class ResourceCheck {

    private static final Pattern PATH = Pattern.compile("/([^/?#\\p{Cntrl}]+/)*([^/?#\\p{Cntrl}]*[^/?#\\p{Cntrl} ])?");

    /** Dots that go or are refused, and escapes that are undone, before a limit sees the path. */
    private static final Pattern NOT_NORMAL = Pattern.compile("/\\.{1,2}(;[^/]*)?(/|$)|%[0-9A-Fa-f]{2}");

    private static final Set<String> CLAIMS_OF_ONE_TOKEN = Set.of("exp", "iat", "nbf", "jti");
    private static final Pattern METHOD = Pattern.compile("[A-Z]+");
    private static final Set<String> NEVER_SERVED = Set.of("CONNECT", "TRACE");
    private static final Pattern HEADER = Pattern.compile("[-A-Za-z0-9!#$%&*+.^_|~]+");

    /** Blanks at an end are no part of a header's value, and its bytes are read as Latin-1. */
    private static final Pattern IN_NO_HEADER = Pattern.compile("^ | $|[\\p{Cntrl}\\x{100}-\\x{10ffff}]");

    private static final int LONGEST_PATH = 1024;

    private final Fields limiter;

    ResourceCheck(Fields limiter) {
        this.limiter = limiter;
    }

    void check(Limiter read) {
        for (var index = 0; index < read.limits().size(); index++) {
            limit("limits[" + index + "]", read.limits().get(index));
        }
        read.identity().jwt().ifPresent(jwt -> claim("identity.user.jwt.claim", jwt.claim()));
        read.identity().userHeader().ifPresent(name -> header("identity.user.header", name));
        read.waf().decisionHeader().ifPresent(name -> header("waf.decisionHeader", name));
        read.waf().ruleHeader().ifPresent(name -> header("waf.ruleHeader", name));
    }

    private void limit(String at, Limit limit) {
        match(at + ".match", limit.match());
        for (var index = 0; index < limit.costs().size(); index++) {
            match(at + ".costs[" + index + "].match", limit.costs().get(index).match());
        }
        for (var index = 0; index < limit.tiers().size(); index++) {
            tier(at + ".tiers[" + index + "]", limit.tiers().get(index).mark());
        }
    }

    private void tier(String at, Tier.Mark mark) {
        switch (mark) {
            case Tier.Mark.Header(var name, var value) -> {
                header(at + ".header.name", name);
                value(at + ".header.value", value);
            }
            case Tier.Mark.Claim(var name, var _) -> claim(at + ".claim.name", name);
        }
    }

    private void claim(String at, String name) {
        if (CLAIMS_OF_ONE_TOKEN.contains(name)) {
            limiter.fault(at, "must be a claim that says something of the caller, not of one token, is " + name);
        }
    }

    private void match(String at, LimitMatch match) {
        match.path().ifPresent(path -> path(at + ".path", path));
        match.pathPrefix().ifPresent(path -> path(at + ".pathPrefix", path));
        if (match.path().isPresent() && match.pathPrefix().isPresent()) {
            limiter.fault(at + ".pathPrefix", "must be absent when path is given; keep one");
        }
        match.methods().stream()
                .filter(method -> !METHOD.matcher(method).matches())
                .sorted()
                .forEach(method -> limiter.fault(
                        at + ".methods", "must be HTTP methods in upper case, such as GET or POST, has " + method));
        match.methods().stream()
                .filter(NEVER_SERVED::contains)
                .sorted()
                .forEach(method -> limiter.fault(
                        at + ".methods", "must not have " + method + ", which is answered with 405 before any limit"));
        headers(at + ".headers.", match.headers());
    }

    private void headers(String at, Map<String, String> headers) {
        var seen = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        new TreeMap<>(headers).forEach((name, value) -> {
            header(at + name, name);
            value(at + name, value);
            var before = seen.putIfAbsent(name, name);
            if (before != null) {
                limiter.fault(at + name, "is " + before + " again, in other letters; keep one");
            }
        });
    }

    private void path(String at, String path) {
        try {
            var _ = path(path);
        } catch (IllegalArgumentException e) {
            limiter.fault(at, String.valueOf(e.getMessage()));
        }
    }

    /** The path itself; an {@code IllegalArgumentException} says what would be right. */
    static String path(String path) {
        // First, for a pattern of segments takes stack for each of them.
        if (path.length() > LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "must have at most %d characters, has %d".formatted(LONGEST_PATH, path.length()));
        }
        if (!PATH.matcher(path).matches() || NOT_NORMAL.matcher(path).find()) {
            throw new IllegalArgumentException(
                    "must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#'"
                            + " or %20, and no space at the end, is "
                            + path);
        }
        return path;
    }

    /** The network; an {@code IllegalArgumentException} says what would be right. */
    static Cidr trustedProxy(String text) {
        var network = Cidr.parse(text);
        if (network.prefix() == 0) {
            throw new IllegalArgumentException(
                    "must not be every address, for every caller could choose its own then; name the proxies' networks");
        }
        return network;
    }

    private void value(String at, String value) {
        if (IN_NO_HEADER.matcher(value).find()) {
            limiter.fault(
                    at,
                    "must be a value that a header can have: no blank at an end, no control character, none beyond Latin-1, is "
                            + value);
        }
    }

    private void header(String at, String name) {
        if (!HEADER.matcher(name).matches()) {
            limiter.fault(at, "must be an HTTP header name, such as X-Client, is " + name);
        }
    }
}
