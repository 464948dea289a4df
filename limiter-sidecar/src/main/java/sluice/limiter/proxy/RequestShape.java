package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a request before its hop-by-hop headers go.
 *
 * @param length of the body, in bytes; -1 when it is chunked
 * @param grpc whether it is a call of gRPC, which never comes without {@code TE: trailers}
 * @param upgrade the protocols it asks to switch to; null when none that is served
 */
record RequestShape(
        HttpMethod method,
        boolean http11,
        boolean keepAlive,
        long length,
        boolean expectsContinue,
        boolean takesTrailers,
        boolean grpc,
        @Nullable String upgrade) {

    private static final int DROPPABLE = 64 * 1024;

    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    static RequestShape of(HttpRequest request) {
        var headers = request.headers();
        var http11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        var length = HttpUtil.isTransferEncodingChunked(request) ? -1 : HttpUtil.getContentLength(request, 0L);
        // Netty takes the first of two lengths in HTTP/1.0: another parser in front may have taken the second.
        var keepAlive = HttpUtil.isKeepAlive(request) && (http11 || length == 0);
        var takesTrailers = headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
        return new RequestShape(
                request.method(),
                http11,
                keepAlive,
                length,
                http11 && headers.contains(HttpHeaderNames.EXPECT),
                takesTrailers,
                takesTrailers && Grpc.is(headers),
                http11 && length == 0 ? upgrade(headers) : null);
    }

    /** The protocols asked for, without HTTP/2, which would slip past all that is done here, and TLS. */
    private static @Nullable String upgrade(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.UPGRADE)
                || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return null;
        }
        var served = new ArrayList<String>();
        for (var protocol :
                String.join(",", headers.getAll(HttpHeaderNames.UPGRADE)).split(",", -1)) {
            var name = protocol.strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !name.startsWith("h2") && !name.startsWith("http") && !name.startsWith("tls")) {
                served.add(protocol.strip());
            }
        }
        return served.isEmpty() ? null : String.join(", ", served);
    }

    boolean hasBody() {
        return length != 0;
    }

    /** True for a body so short that it is read and dropped for the connection's sake, when the app does not want it. */
    boolean isDroppable() {
        return length >= 0 && length <= DROPPABLE && !expectsContinue;
    }

    boolean isHead() {
        return method.equals(HttpMethod.HEAD);
    }

    /** True when sending it twice does what sending it once does, and it can be sent twice. */
    boolean isRepeatable() {
        return !hasBody() && IDEMPOTENT.contains(method);
    }

    /** Replaces the hop-by-hop headers by those of our own connection to the app. */
    void writeTo(HttpHeaders headers, Set<String> kept) {
        HopByHop.removeFrom(headers, kept);
        var told = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        // In one spelling: 010 is ten to us, and may be eight to others.
        if (told != null && told.length() > 1 && told.charAt(0) == '0') {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        }
        if (length < 0) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (takesTrailers) {
            headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
        }
        if (upgrade != null) {
            headers.set(HttpHeaderNames.UPGRADE, upgrade);
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        }
    }
}
