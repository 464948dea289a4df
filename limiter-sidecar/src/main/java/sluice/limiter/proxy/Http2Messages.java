package sluice.limiter.proxy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Turns the heads and trailers of HTTP/2 into messages of HTTP/1.1, in which everything between the two wires speaks, and back. Netty has
 * refused by then what is malformed in HTTP/2 alone: upper case, unknown or late pseudo-headers, {@code Connection} and its like.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-8">RFC 9113, section 8</a>
 */
final class Http2Messages {

    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final HttpHeadersFactory AS_THEY_CAME =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private Http2Messages() {}

    /**
     * The request that {@code head} begins; one that is malformed says so in its decoder result.
     *
     * @param ended no body follows
     */
    static HttpRequest request(Http2Headers head, boolean ended) {
        try {
            return soundRequest(head, ended);
        } catch (IllegalArgumentException malformed) {
            var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
            request.setDecoderResult(DecoderResult.failure(malformed));
            return request;
        }
    }

    private static HttpRequest soundRequest(Http2Headers head, boolean ended) {
        var method = HttpMethod.valueOf(present(head.method(), ":method"));
        var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target(head, method));
        var headers = request.headers();
        for (var header : head) {
            add(header.getKey(), header.getValue(), headers);
        }
        setHost(headers, head.authority());
        if (!ended && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return request;
    }

    private static String present(@Nullable CharSequence value, String name) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value.toString();
    }

    private static String target(Http2Headers head, HttpMethod method) {
        if (method.equals(HttpMethod.CONNECT)) {
            return "*";
        }
        var scheme = present(head.scheme(), ":scheme");
        var path = present(head.path(), ":path");
        if (!HTTP.contentEqualsIgnoreCase(scheme) && !HTTPS.contentEqualsIgnoreCase(scheme)) {
            throw new IllegalArgumentException(":scheme is neither http nor https");
        }
        if ((!path.startsWith("/") && !path.equals("*")) || path.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new IllegalArgumentException(":path is malformed");
        }
        return path;
    }

    private static void add(CharSequence name, CharSequence value, HttpHeaders headers) {
        if (name.charAt(0) == ':') {
            return;
        }
        if (!value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)))) {
            throw new IllegalArgumentException("A value begins or ends with white space");
        }
        var crumb = HttpHeaderNames.COOKIE.contentEquals(name) ? headers.get(HttpHeaderNames.COOKIE) : null;
        if (crumb == null) {
            headers.add(name, value);
        } else {
            headers.set(HttpHeaderNames.COOKIE, crumb + "; " + value);
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static void setHost(HttpHeaders headers, @Nullable CharSequence authority) {
        if (authority == null) {
            return;
        }
        for (var host : headers.getAll(HttpHeaderNames.HOST)) {
            if (!AsciiString.contentEqualsIgnoreCase(host, authority)) {
                throw new IllegalArgumentException("Host is not :authority");
            }
        }
        headers.set(HttpHeaderNames.HOST, authority);
    }

    /** The head of a request to the app. */
    static Http2Headers headOf(HttpRequest request) {
        var head = new DefaultHttp2Headers(false)
                .method(request.method().asciiName())
                .scheme(HTTP)
                .path(request.uri());
        var host = request.headers().get(HttpHeaderNames.HOST);
        if (host != null) {
            head.authority(host);
        }
        return copied(request.headers(), head);
    }

    /** The app's answer that {@code head} begins. */
    static HttpResponse answer(Http2Headers head) throws Http2Exception {
        var status = HttpConversionUtil.parseStatus(head.status() == null ? "" : head.status());
        var answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, AS_THEY_CAME);
        copy(head, answer.headers());
        return answer;
    }

    /** The head of an answer to a client. */
    static Http2Headers headOf(HttpResponse answer) {
        return copied(
                answer.headers(),
                new DefaultHttp2Headers(false).status(answer.status().codeAsText()));
    }

    private static Http2Headers copied(HttpHeaders from, Http2Headers to) {
        var headers = from.iteratorCharSequence();
        while (headers.hasNext()) {
            var header = headers.next();
            var name = AsciiString.of(header.getKey()).toLowerCase();
            if (!isOfTheOtherWire(name)) {
                to.add(name, header.getValue());
            }
        }
        return to;
    }

    private static boolean isOfTheOtherWire(AsciiString name) {
        return HttpHeaderNames.HOST.contentEquals(name)
                || HttpHeaderNames.CONNECTION.contentEquals(name)
                || HttpHeaderNames.TRANSFER_ENCODING.contentEquals(name);
    }

    private static void copy(Http2Headers from, HttpHeaders to) {
        for (var header : from) {
            if (header.getKey().charAt(0) != ':') {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    /** A request's trailers. Throws {@link IllegalArgumentException} when there is one that may not be a trailer. */
    static LastHttpContent requestTrailers(Http2Headers trailers) {
        return trailers(trailers, DefaultHttpHeadersFactory.trailersFactory());
    }

    static LastHttpContent answerTrailers(Http2Headers trailers) {
        return trailers(trailers, AS_THEY_CAME);
    }

    private static LastHttpContent trailers(Http2Headers trailers, HttpHeadersFactory rules) {
        var end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, rules);
        copy(trailers, end.trailingHeaders());
        return end;
    }

    static Http2Headers trailersOf(LastHttpContent end) {
        return copied(end.trailingHeaders(), new DefaultHttp2Headers(false));
    }
}
