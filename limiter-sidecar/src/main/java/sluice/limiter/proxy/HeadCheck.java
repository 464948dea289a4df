package sluice.limiter.proxy;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import java.util.Optional;

/**
 * Decides whether a request's head is one that every server behind us reads as we do.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
sealed interface HeadCheck {

    record Sound(RequestTarget target) implements HeadCheck {}

    record Unsound(Refusal refusal) implements HeadCheck {}

    /** A relic of WebSocket's drafts: with it Netty would read eight bytes of body that no length announces. */
    AsciiString HIXIE_KEY = AsciiString.cached("sec-websocket-key1");

    /** Beside the unreserved ones (RFC 3986, section 3.2.2); not the comma, for a list of hosts is none. */
    String MARKS_OF_HOSTS = ":[]!$&'()*+;=";

    int MOST_PORT = 65_535;

    int LONGEST_PORT = 5;

    static HeadCheck of(HttpRequest request) {
        var failure = request.decoderResult().isFailure() ? undecodable(request) : unsound(request);
        return failure.<HeadCheck>map(Unsound::new).orElseGet(() -> ofTarget(request));
    }

    private static Optional<Refusal> undecodable(HttpRequest request) {
        var cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            return targetTooLong();
        }
        return cause instanceof TooLongFrameException ? headersTooLarge() : malformed("The request is malformed.");
    }

    private static Optional<Refusal> unsound(HttpRequest request) {
        var method = request.method();
        if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
            return Optional.of(new Refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "CONNECT and TRACE are not served."));
        }
        if (!isUpperCase(method.name())) {
            return malformed("The method is not in upper case.");
        }
        if (request.uri().length() > StrictRequestDecoder.MAX_TARGET) {
            return targetTooLong();
        }
        return unsoundHeaders(request);
    }

    private static boolean isUpperCase(String method) {
        for (var i = 0; i < method.length(); i++) {
            if (method.charAt(i) >= 'a' && method.charAt(i) <= 'z') {
                return false;
            }
        }
        return true;
    }

    private static Optional<Refusal> unsoundHeaders(HttpRequest request) {
        var headers = request.headers();
        if (headers.size() > StrictRequestDecoder.MOST_HEADERS || hasOversized(headers)) {
            return headersTooLarge();
        }
        if (!hasOneHost(request)) {
            return malformed("The request does not have exactly one valid Host.");
        }
        if (headers.contains(HIXIE_KEY)) {
            return malformed("This version of WebSocket is not served.");
        }
        var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()
                && (codings.size() > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst()))) {
            return malformed("The only transfer coding served is chunked.");
        }
        if (headers.contains(HttpHeaderNames.EXPECT)
                && !headers.getAll(HttpHeaderNames.EXPECT).stream()
                        .allMatch(HttpHeaderValues.CONTINUE::contentEqualsIgnoreCase)) {
            return Optional.of(
                    new Refusal(HttpResponseStatus.EXPECTATION_FAILED, "The only expectation met is 100-continue."));
        }
        return Optional.empty();
    }

    static boolean hasOversized(HttpHeaders fields) {
        var headers = fields.iteratorCharSequence();
        while (headers.hasNext()) {
            var header = headers.next();
            if (header.getKey().length() + header.getValue().length() > StrictRequestDecoder.MAX_HEADER) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasOneHost(HttpRequest request) {
        var hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty()) {
            return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        }
        return hosts.size() == 1 && isAuthority(hosts.getFirst());
    }

    /** A name or an address, in brackets when it has colons of its own, and perhaps a port (RFC 9110, section 7.2). */
    private static boolean isAuthority(String host) {
        var end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        var name = end < 0 ? host : host.substring(0, end);
        var port = host.substring(name.length());
        return isName(name) && isPort(port);
    }

    private static boolean isName(String host) {
        for (var i = 0; i < host.length(); i++) {
            var c = host.charAt(i);
            if (c == '%' ? !isEscapedSign(host, i) : !NormalPath.isUnreserved(c) && MARKS_OF_HOSTS.indexOf(c) < 0) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    /** True when {@code at} is an escape of something that can be seen. */
    private static boolean isEscapedSign(String host, int at) {
        var c = NormalPath.escaped(host, at);
        return c > ' ' && c != 0x7f;
    }

    private static boolean isPort(String text) {
        return text.isEmpty()
                || text.equals(":")
                || (text.charAt(0) == ':' && text.length() <= 1 + LONGEST_PORT && number(text, 1) <= MOST_PORT);
    }

    /** The number behind {@code start}, of digits alone; of anything else, a number too great. */
    private static int number(String text, int start) {
        var number = 0;
        for (var i = start; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c < '0' || c > '9') {
                return Integer.MAX_VALUE;
            }
            number = 10 * number + (c - '0');
        }
        return number;
    }

    private static HeadCheck ofTarget(HttpRequest request) {
        var target = RequestTarget.parse(request.uri(), request.method().equals(HttpMethod.OPTIONS));
        return target.<HeadCheck>map(it -> agreesWithHost(it, request)
                        ? new Sound(it)
                        : unsound("The target is not for the host of Host, or for none that is valid."))
                .orElseGet(() -> unsound("The request target is malformed."));
    }

    /** Where there is no Host, which HTTP/1.0 need not have, the app is sent the target's. */
    private static boolean agreesWithHost(RequestTarget target, HttpRequest request) {
        var host = request.headers().get(HttpHeaderNames.HOST);
        return target.authority()
                .map(authority -> host == null ? isAuthority(authority) : authority.equalsIgnoreCase(host))
                .orElse(true);
    }

    private static Unsound unsound(String detail) {
        return new Unsound(new Refusal(HttpResponseStatus.BAD_REQUEST, detail));
    }

    private static Optional<Refusal> malformed(String detail) {
        return Optional.of(new Refusal(HttpResponseStatus.BAD_REQUEST, detail));
    }

    private static Optional<Refusal> targetTooLong() {
        return Optional.of(new Refusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, "The target is longer than 8 KiB."));
    }

    private static Optional<Refusal> headersTooLarge() {
        return Optional.of(new Refusal(
                HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                "A header is longer than 8 KiB, all are longer than 32 KiB together, or there are more than 200."));
    }
}
