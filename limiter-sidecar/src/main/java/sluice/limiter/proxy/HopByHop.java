package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The headers that end at the next hop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section 7.6.1</a>
 */
final class HopByHop {

    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");

    private static final List<AsciiString> ALWAYS = List.of(
            HttpHeaderNames.CONNECTION,
            AsciiString.cached("keep-alive"),
            PROXY_CONNECTION,
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.TE,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE,
            HTTP2_SETTINGS);

    /** Nobody may have these removed by naming them in {@code Connection}: who they are for is not the sender's to say. */
    private static final Set<String> END_TO_END = Set.of(
            "host",
            "content-length",
            "content-type",
            "authorization",
            "cookie",
            "set-cookie",
            "forwarded",
            "x-real-ip");

    private HopByHop() {}

    /** Removes them, and those that {@code Connection} nominates unless they are in {@code kept}, lower case. */
    static void removeFrom(HttpHeaders headers, Set<String> kept) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            for (var options : headers.getAll(HttpHeaderNames.CONNECTION)) {
                removeNominated(options, headers, kept);
            }
        }
        for (var i = 0; i < ALWAYS.size(); i++) {
            headers.remove(ALWAYS.get(i));
        }
    }

    private static void removeNominated(String options, HttpHeaders headers, Set<String> kept) {
        if (options.equalsIgnoreCase("keep-alive") || options.equalsIgnoreCase("close")) {
            return;
        }
        for (var option : options.split(",", -1)) {
            var name = option.strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !isKept(name, kept)) {
                headers.remove(name);
            }
        }
    }

    /** True for what says where a message ends, for whom it is or from whom: read late, in a trailer, it would be believed by some only. */
    static boolean isForbiddenInTrailers(String name) {
        return END_TO_END.contains(name) || ALWAYS.stream().anyMatch(name::contentEquals);
    }

    private static boolean isKept(String name, Set<String> kept) {
        return END_TO_END.contains(name) || kept.contains(name) || ForwardedHeaders.isOurs(name);
    }
}
