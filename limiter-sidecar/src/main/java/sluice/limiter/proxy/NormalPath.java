package sluice.limiter.proxy;

import io.netty.util.internal.StringUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path with one spelling: percent-encoding only where it is needed, an encoded slash is a slash, no empty or dot segments.
 * {@code encoded} decodes to {@code decoded}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2">RFC 3986, section 6.2.2</a>
 */
record NormalPath(String decoded, String encoded) {

    private static final String UNRESERVED_MARKS = "-._~";
    private static final String OTHER_LEGAL = "!$&'()*+,;=:@";

    /** A segment in both forms; the decoded one still has bytes as chars, because two escapes may be one character. */
    private record Segment(String decoded, String encoded) {

        boolean is(String text) {
            return encoded.equals(text);
        }

        /** True for {@code ..;a}, which some servers read as {@code ..}: they cut parameters off before they resolve dots. */
        boolean hidesDots() {
            return decoded.startsWith(".;") || decoded.startsWith("..;");
        }
    }

    /**
     * {@code raw} begins with a slash. Empty when an escape is malformed or NUL, the path leads out of its root, or would for a
     * server that cuts path parameters off ({@code ..;a}).
     */
    static Optional<NormalPath> of(String raw) {
        return isNormal(raw) ? Optional.of(new NormalPath(raw, raw)) : normalise(raw);
    }

    private static boolean isNormal(String raw) {
        var previous = ' ';
        for (var i = 0; i < raw.length(); i++) {
            var c = raw.charAt(i);
            if ((previous == '/' && (c == '/' || c == '.')) || (c != '/' && !isLegal(c))) {
                return false;
            }
            previous = c;
        }
        return true;
    }

    private static Optional<NormalPath> normalise(String raw) {
        var segments = new ArrayList<Segment>();
        var decoded = new StringBuilder();
        var encoded = new StringBuilder();
        // A slash after the end closes the last segment like the others.
        for (var i = 1; i <= raw.length(); i++) {
            var c = i < raw.length() ? raw.charAt(i) : '/';
            var escaped = c == '%';
            if (escaped) {
                c = escaped(raw, i);
                i += 2;
            }
            if (c == 0) {
                return Optional.empty();
            }
            if (c != '/') {
                decoded.append(c);
                encoded.append(isLiteral(c, escaped) ? String.valueOf(c) : escape(c));
            } else if (!close(new Segment(decoded.toString(), encoded.toString()), segments)) {
                return Optional.empty();
            } else {
                decoded.setLength(0);
                encoded.setLength(0);
            }
        }
        return Optional.of(join(segments, endsWithSlash(raw)));
    }

    /** The byte that the escape at {@code at} stands for; 0, which no path may hold, when it is malformed. */
    static char escaped(String raw, int at) {
        if (at + 2 >= raw.length()) {
            return 0;
        }
        var high = StringUtil.decodeHexNibble(raw.charAt(at + 1));
        var low = StringUtil.decodeHexNibble(raw.charAt(at + 2));
        return high < 0 || low < 0 ? 0 : (char) ((high << 4) | low);
    }

    private static boolean close(Segment segment, List<Segment> segments) {
        if (segment.hidesDots()) {
            return false;
        }
        if (segment.is("..")) {
            if (segments.isEmpty()) {
                return false;
            }
            segments.removeLast();
        } else if (!segment.is("") && !segment.is(".")) {
            segments.add(segment);
        }
        return true;
    }

    private static boolean endsWithSlash(String raw) {
        var lastSegment = raw.replaceAll("%2[fF]", "/").replaceAll("%2[eE]", ".");
        return lastSegment.endsWith("/") || lastSegment.endsWith("/.") || lastSegment.endsWith("/..");
    }

    private static NormalPath join(List<Segment> segments, boolean slash) {
        var decoded = new StringBuilder();
        var encoded = new StringBuilder();
        for (var segment : segments) {
            decoded.append('/').append(segment.decoded());
            encoded.append('/').append(segment.encoded());
        }
        if (slash || segments.isEmpty()) {
            decoded.append('/');
            encoded.append('/');
        }
        var bytes = decoded.toString().getBytes(StandardCharsets.ISO_8859_1);
        return new NormalPath(new String(bytes, StandardCharsets.UTF_8), encoded.toString());
    }

    /** An escaped reserved character stays escaped: it means something else than the bare one. */
    private static boolean isLiteral(char c, boolean escaped) {
        return escaped ? isUnreserved(c) : isLegal(c);
    }

    /** Letters, digits and the marks that never need an escape (RFC 3986, section 2.3). */
    static boolean isUnreserved(char c) {
        return isBetween(c, 'a', 'z')
                || isBetween(c, 'A', 'Z')
                || isBetween(c, '0', '9')
                || UNRESERVED_MARKS.indexOf(c) >= 0;
    }

    private static boolean isBetween(char c, char first, char last) {
        return c >= first && c <= last;
    }

    private static boolean isLegal(char c) {
        return isUnreserved(c) || OTHER_LEGAL.indexOf(c) >= 0;
    }

    private static String escape(char c) {
        return "%" + Character.toUpperCase(Character.forDigit(c >> 4, 16))
                + Character.toUpperCase(Character.forDigit(c & 15, 16));
    }

    /** Escapes what may not stand in a query, which is left alone otherwise. */
    static String encodeIllegal(String query) {
        for (var i = 0; i < query.length(); i++) {
            if (isIllegalInQuery(query.charAt(i))) {
                var encoded = new StringBuilder();
                query.chars().forEach(c -> encoded.append(isIllegalInQuery((char) c) ? escape((char) c) : (char) c));
                return encoded.toString();
            }
        }
        return query;
    }

    private static boolean isIllegalInQuery(char c) {
        return c <= ' ' || c >= 0x7f;
    }
}
