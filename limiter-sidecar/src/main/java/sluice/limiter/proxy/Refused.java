package sluice.limiter.proxy;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import sluice.limiter.log.RequestLine;
import sluice.limiter.log.RequestLog;
import sluice.limiter.metrics.AuthResult;

/** The log line of a request that was refused before it could be judged. */
final class Refused {

    private static final String UNKNOWN = "-";

    private Refused() {}

    static void log(HttpRequest request, int status, RequestLog log) {
        // The decoder makes a full request up when there was no request line that it could read.
        var known = !(request instanceof FullHttpRequest);
        var method = known ? request.method().name() : UNKNOWN;
        var path = known ? pathOf(request.uri()) : UNKNOWN;
        log.write(line(ForwardedHeaders.requestId(request.headers()), method, path, status));
    }

    /** The line of a request whose head never came to its end. */
    static void logUnread(int status, RequestLog log) {
        log.write(line(ForwardedHeaders.newRequestId(), UNKNOWN, UNKNOWN, status));
    }

    private static RequestLine line(String requestId, String method, String path, int status) {
        return new RequestLine(System.currentTimeMillis(), requestId, method, path, status, 0, AuthResult.NONE, null);
    }

    // A whole address may carry credentials, a query or a fragment a token.
    private static String pathOf(String uri) {
        return uri.startsWith("/") ? uri.split("[?#]", 2)[0] : UNKNOWN;
    }
}
