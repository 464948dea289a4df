package sluice.limiter.proxy;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;

/** The answers that the sidecar gives itself, as problem details (RFC 9457). */
final class Answers {

    private static final AsciiString PROBLEM = AsciiString.cached("application/problem+json");
    private static final String NO_TYPE = "about:blank";
    private static final String QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    private final RateLimitFields rateLimit;

    Answers(RateLimitFields rateLimit) {
        this.rateLimit = rateLimit;
    }

    FullHttpResponse throttled(Outcome.Throttle throttle) {
        var limit = throttle.limit();
        var answer = problem(
                HttpResponseStatus.TOO_MANY_REQUESTS,
                QUOTA_EXCEEDED,
                told(limit),
                ",\"violated-policies\":[\"" + escaped(limit.limit()) + "\"]");
        throttle.retryAfter().ifPresent(wait -> answer.headers().set(HttpHeaderNames.RETRY_AFTER, retryAfter(wait)));
        rateLimit.set(answer.headers(), limit);
        return answer;
    }

    private static String told(LimitState limit) {
        return "The limit " + limit.limit() + " allows " + limit.tokens() + " requests in " + readable(limit.period())
                + ".";
    }

    private static String readable(Duration period) {
        return period.toMillis() % 1_000 == 0 ? period.toSeconds() + " s" : period.toMillis() + " ms";
    }

    private static String retryAfter(Duration wait) {
        return Long.toString(Math.max(1, RateLimitFields.wholeSeconds(wait)));
    }

    FullHttpResponse blocked() {
        return of(HttpResponseStatus.FORBIDDEN, "The web application firewall blocked this request.");
    }

    FullHttpResponse refused(Refusal refusal) {
        var answer = of(refusal.status(), refusal.detail());
        if (refusal.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            answer.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        return answer;
    }

    FullHttpResponse of(HttpResponseStatus status, String detail) {
        return problem(status, NO_TYPE, detail, "");
    }

    private static FullHttpResponse problem(HttpResponseStatus status, String type, String detail, String more) {
        var json = "{\"type\":\"" + type + "\",\"title\":\"" + status.reasonPhrase() + "\",\"status\":" + status.code()
                + ",\"detail\":\"" + escaped(detail) + '"' + more + "}\n";
        var body = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
        var answer = new Problem(status, detail, body);
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, PROBLEM);
        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return answer;
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
