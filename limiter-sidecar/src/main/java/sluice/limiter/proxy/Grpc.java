package sluice.limiter.proxy;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is different with gRPC: its answers are 200, and how a call ended is in {@code grpc-status}.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP/2</a>
 */
final class Grpc {

    static final AsciiString STATUS = AsciiString.cached("grpc-status");

    private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString RETRY_PUSHBACK = AsciiString.cached("grpc-retry-pushback-ms");
    private static final String CONTENT_TYPE = "application/grpc";

    private Grpc() {}

    /** True for a request of gRPC, {@code application/grpc} or {@code application/grpc+proto}, but not gRPC-Web. */
    static boolean is(HttpHeaders headers) {
        var type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null
                && type.regionMatches(true, 0, CONTENT_TYPE, 0, CONTENT_TYPE.length())
                && (type.length() == CONTENT_TYPE.length() || ";+".indexOf(type.charAt(CONTENT_TYPE.length())) >= 0);
    }

    /**
     * The HTTP status that a {@code grpc-status} stands for, as google.rpc.Code has them; 500 when there is none, because clients take
     * that for UNKNOWN.
     */
    static int httpStatus(@Nullable String grpcStatus) {
        return switch (grpcStatus == null ? "" : grpcStatus) {
            case "0" -> 200;
            case "1" -> 499;
            case "3", "9", "11" -> 400;
            case "4" -> 504;
            case "5" -> 404;
            case "6", "10" -> 409;
            case "7" -> 403;
            case "8" -> 429;
            case "12" -> 501;
            case "14" -> 503;
            case "16" -> 401;
            default -> 500;
        };
    }

    /**
     * The {@code grpc-status} of an answer that the sidecar gives itself: as gRPC clients map HTTP themselves, except that a limit is
     * RESOURCE_EXHAUSTED and not UNAVAILABLE, which clients repeat at once.
     */
    private static int statusOf(HttpResponseStatus http) {
        return switch (http.code()) {
            case 400, 431 -> 13;
            case 403 -> 7;
            case 404 -> 12;
            case 429 -> 8;
            case 502, 503, 504 -> 14;
            default -> 2;
        };
    }

    /** The head of {@code answer} in gRPC's words: one frame, with all headers of the answer that are not of its body. */
    static Http2Headers trailersOnly(FullHttpResponse answer) {
        var head = Http2Messages.headOf(answer);
        var retryAfter = answer.headers().getInt(HttpHeaderNames.RETRY_AFTER);
        var status = statusOf(answer.status());
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        head.status(HttpResponseStatus.OK.codeAsText());
        head.set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE);
        head.setInt(STATUS, status);
        head.set(
                MESSAGE,
                encoded(
                        answer instanceof Problem problem
                                ? problem.detail()
                                : answer.status().reasonPhrase()));
        if (retryAfter != null) {
            head.setLong(RETRY_PUSHBACK, retryAfter * 1_000L);
        } else if (status == 8) {
            // Never: the limit allows nothing.
            head.setInt(RETRY_PUSHBACK, -1);
        }
        return head;
    }

    /** Percent-encoded where it is not printable ASCII. */
    private static String encoded(String message) {
        var text = new StringBuilder();
        for (var octet : message.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet < 0x7f && octet != '%') {
                text.append((char) octet);
            } else {
                text.append(String.format("%%%02X", octet & 0xff));
            }
        }
        return text.toString();
    }
}
