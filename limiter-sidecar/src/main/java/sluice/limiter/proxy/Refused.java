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

    static void log(HttpRequest request, Refusal refusal, RequestLog log) {
        // The decoder makes a full request up when there was no request line that it could read.
        var known = !(request instanceof FullHttpRequest);
        log.write(new RequestLine(
                System.currentTimeMillis(),
                ForwardedHeaders.requestId(request.headers()),
                known ? request.method().name() : UNKNOWN,
                known ? pathOf(request.uri()) : UNKNOWN,
                refusal.status().code(),
                0,
                AuthResult.NONE,
                null));
    }

    private static String pathOf(String uri) {
        var query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
