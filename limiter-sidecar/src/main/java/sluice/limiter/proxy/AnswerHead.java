package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the head of the app's answer into that of ours. */
final class AnswerHead {

    private static final int LEAST_STATUS = 100;
    private static final int MOST_STATUS = 999;

    private AnswerHead() {}

    /** True when it can be passed on: its status has three digits, and it was read by a framing that we know. */
    static boolean isSound(HttpResponse answer) {
        return answer.status().code() >= LEAST_STATUS && answer.status().code() <= MOST_STATUS && isFramed(answer);
    }

    /** Any transfer coding but chunked would have to be undone first. */
    private static boolean isFramed(HttpResponse answer) {
        var codings = answer.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.isEmpty()
                || (codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst()));
    }

    /** True when the app's connection stays open; whoever chunks in HTTP/1.0 is not to be relied on (RFC 9112, section 6.1). */
    static boolean keepsConnection(HttpResponse answer) {
        var chunks = answer.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
        return HttpUtil.isKeepAlive(answer)
                && !(chunks && answer.protocolVersion().equals(HttpVersion.HTTP_1_0));
    }

    /** Frames the answer for the client; true when it can only be ended by closing the connection. */
    static boolean frame(HttpResponse answer, RequestShape request) {
        if (answer.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            answer.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        HopByHop.removeFrom(answer.headers(), Set.of());
        answer.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (isBodiless(answer, request) || answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return false;
        }
        if (request.http11()) {
            answer.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return !request.http11();
    }

    private static boolean isBodiless(HttpResponse answer, RequestShape request) {
        return request.isHead()
                || answer.status().equals(HttpResponseStatus.NO_CONTENT)
                || answer.status().equals(HttpResponseStatus.NOT_MODIFIED);
    }

    /** Keeps the switch of protocols that is about to happen. */
    static void frameSwitch(HttpResponse answer) {
        var protocol = answer.headers().get(HttpHeaderNames.UPGRADE);
        HopByHop.removeFrom(answer.headers(), Set.of());
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        setIfPresent(answer.headers(), protocol);
    }

    private static void setIfPresent(HttpHeaders headers, @Nullable String protocol) {
        if (protocol != null) {
            headers.set(HttpHeaderNames.UPGRADE, protocol);
        }
    }

    /** Says whether the connection stays open. */
    static void markConnection(HttpHeaders headers, boolean close, boolean http11) {
        if (close) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!http11) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}
