package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** An answer of the sidecar's own, with what it says in plain text beside its body. */
final class Problem extends DefaultFullHttpResponse {

    private final String detail;

    Problem(HttpResponseStatus status, String detail, ByteBuf body) {
        super(HttpVersion.HTTP_1_1, status, body);
        this.detail = detail;
    }

    String detail() {
        return detail;
    }
}
