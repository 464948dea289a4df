package sluice.limiter.proxy;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import sluice.limiter.judge.Outcome;

/** The answers that the sidecar gives itself, as problem details (RFC 9457). */
final class Answers {

    private static final AsciiString PROBLEM = AsciiString.cached("application/problem+json");
    private static final AsciiString HTML = AsciiString.cached("text/html; charset=utf-8");
    private static final String MAINTENANCE_PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Closed for maintenance</title>
            <body style="font-family: sans-serif; max-width: 32em; margin: 20vh auto; padding: 0 1em">
            <h1>Closed for maintenance</h1>
            <p>We will be back soon. Please try again in a while.</p>
            </html>
            """;
    private static final String CLOSED = "The service is closed for maintenance.";
    private static final String NO_TYPE = "about:blank";
    private static final String QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    private final RateLimitFields rateLimit;
    private final HttpDate date = new HttpDate(System::currentTimeMillis);

    Answers(RateLimitFields rateLimit) {
        this.rateLimit = rateLimit;
    }

    FullHttpResponse throttled(Outcome.Throttle throttle) {
        var wait = throttle.retryAfter().map(RateLimitFields::delaySeconds);
        var answer = problem(
                HttpResponseStatus.TOO_MANY_REQUESTS,
                QUOTA_EXCEEDED,
                "Request cannot be satisfied as assigned quota has been exceeded",
                told(throttle),
                ",\"violated-policies\":" + list(throttle.exceeded())
                        + wait.map(seconds -> ",\"retryAfter\":" + seconds).orElse(""));
        wait.ifPresent(seconds -> answer.headers().set(HttpHeaderNames.RETRY_AFTER, Long.toString(seconds)));
        rateLimit.add(answer.headers(), throttle);
        return answer;
    }

    private static String told(Outcome.Throttle throttle) {
        return throttle.limits().states().stream()
                .filter(limit -> throttle.exceeded().contains(limit.limit()))
                .map(limit -> "The limit " + limit.limit() + " allows " + limit.tokens() + " requests in "
                        + readable(limit.period()) + ".")
                .collect(Collectors.joining(" "));
    }

    private static String list(List<String> names) {
        return names.stream().map(name -> '"' + escaped(name) + '"').collect(Collectors.joining(",", "[", "]"));
    }

    private static String readable(Duration period) {
        return period.toMillis() % 1_000 == 0 ? period.toSeconds() + " s" : period.toMillis() + " ms";
    }

    /** The service is closed; told as a page to browsers. */
    FullHttpResponse closed(Outcome.Maintain closed, HttpHeaders request) {
        var wait = RateLimitFields.delaySeconds(closed.retryAfter());
        var answer = Preference.isHtml(request.getAll(HttpHeaderNames.ACCEPT))
                ? answer(HttpResponseStatus.SERVICE_UNAVAILABLE, HTML, CLOSED, MAINTENANCE_PAGE)
                : problem(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        NO_TYPE,
                        HttpResponseStatus.SERVICE_UNAVAILABLE.reasonPhrase(),
                        CLOSED,
                        ",\"retryAfter\":" + wait);
        answer.headers()
                .set(HttpHeaderNames.RETRY_AFTER, Long.toString(wait))
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT);
        return answer;
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
        return problem(status, NO_TYPE, status.reasonPhrase(), detail, "");
    }

    private FullHttpResponse problem(HttpResponseStatus status, String type, String title, String detail, String more) {
        var json = "{\"type\":\"" + type + "\",\"title\":\"" + title + "\",\"status\":" + status.code()
                + ",\"detail\":\"" + escaped(detail) + '"' + more + "}\n";
        return answer(status, PROBLEM, detail, json);
    }

    private FullHttpResponse answer(HttpResponseStatus status, AsciiString type, String detail, String text) {
        var body = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
        var answer = new Problem(status, detail, body);
        answer.headers().set(HttpHeaderNames.DATE, date.now());
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return answer;
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
