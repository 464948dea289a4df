package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.Arm;

/**
 * What the app is told of the request's way to it. Frameworks believe whoever calls from the loopback, which is now every caller, so
 * nothing of the kind gets through that a trusted peer did not say.
 */
final class ForwardedHeaders {

    static final AsciiString ARM = AsciiString.cached("x-sluice-arm");
    static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
    static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
    static final AsciiString HOST = AsciiString.cached("x-forwarded-host");

    private static final String HTTP = "http";
    private static final String SLUICE_PREFIX = "x-sluice-";
    private static final String FORWARDED_PREFIX = "x-forwarded-";
    private static final Set<String> OTHER_FORWARDED = Set.of("forwarded", "x-real-ip");
    private static final int LONGEST_REQUEST_ID = 128;

    private ForwardedHeaders() {}

    /** The client's request ID when it is at most 128 visible ASCII characters, else a new one. */
    static String requestId(HttpHeaders headers) {
        var sent = headers.get(REQUEST_ID);
        if (sent != null && isSane(sent)) {
            return sent;
        }
        return newRequestId();
    }

    static String newRequestId() {
        var random = ThreadLocalRandom.current();
        var hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()).concat(hex.toHexDigits(random.nextLong()));
    }

    private static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > LONGEST_REQUEST_ID) {
            return false;
        }
        for (var i = 0; i < id.length(); i++) {
            if (id.charAt(i) <= ' ' || id.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * Sets them.
     *
     * @param peer the address of the connection, as text
     * @param trusted whether what the peer says of earlier hops is kept
     */
    static void set(HttpHeaders headers, String peer, boolean trusted, TrustRules trust, String requestId, Arm arm) {
        removeForged(headers, trusted, trust);
        headers.set(FOR, trusted ? appended(headers.getAll(FOR), peer) : peer);
        setUnlessKept(headers, PROTO, HTTP, trusted);
        setUnlessKept(headers, HOST, headers.get(HttpHeaderNames.HOST), trusted);
        headers.set(REQUEST_ID, requestId);
        headers.set(ARM, arm.label());
    }

    private static String appended(List<String> hops, String peer) {
        return hops.isEmpty() ? peer : String.join(", ", hops) + ", " + peer;
    }

    private static void setUnlessKept(HttpHeaders headers, AsciiString name, @Nullable String value, boolean trusted) {
        if (value != null && !(trusted && headers.contains(name))) {
            headers.set(name, value);
        }
    }

    private static void removeForged(HttpHeaders headers, boolean trusted, TrustRules trust) {
        List<CharSequence> forged = List.of();
        var all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            var name = all.next().getKey();
            if (isSuspect(name) && isForged(name, trusted, trust)) {
                forged = forged.isEmpty() ? new ArrayList<>() : forged;
                forged.add(name);
            }
        }
        forged.forEach(headers::remove);
    }

    /** Cheap, for most names to go no further. */
    private static boolean isSuspect(CharSequence name) {
        var first = name.charAt(0) | 0x20;
        return first == 'x' || first == 'f' || AsciiString.indexOf(name, '_', 0) >= 0;
    }

    private static boolean isForged(CharSequence name, boolean trusted, TrustRules trust) {
        var written = name.toString().toLowerCase(Locale.ROOT);
        // CGI and WSGI show X_User_Id and X-User-Id under one name.
        var canonical = written.replace('_', '-');
        if (!written.equals(canonical)) {
            return isOurs(canonical)
                    || OTHER_FORWARDED.contains(canonical)
                    || trust.headers().contains(canonical);
        }
        return canonical.startsWith(SLUICE_PREFIX)
                || (!trusted && (canonical.startsWith(FORWARDED_PREFIX) || OTHER_FORWARDED.contains(canonical)));
    }

    /** True for the headers, in lower case, that are set here. */
    static boolean isOurs(String name) {
        return name.startsWith(SLUICE_PREFIX) || name.startsWith(FORWARDED_PREFIX) || REQUEST_ID.contentEquals(name);
    }

    /** Removes from a request's trailers what may not come in as a header either: some servers merge the two. */
    static void removeForgedTrailers(HttpHeaders trailers, TrustRules trust) {
        for (var name : List.copyOf(trailers.names())) {
            var canonical = name.toLowerCase(Locale.ROOT).replace('_', '-');
            if (isOurs(canonical)
                    || HopByHop.isForbiddenInTrailers(canonical)
                    || OTHER_FORWARDED.contains(canonical)
                    || trust.headers().contains(canonical)) {
                trailers.remove(name);
            }
        }
    }
}
