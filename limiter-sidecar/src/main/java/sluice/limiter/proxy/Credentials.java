package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** What a request brought that an app may know its user by. */
enum Credentials {
    NONE,
    /** Cookies and no {@code Authorization}: perhaps a session. */
    COOKIE,
    AUTHORIZATION;

    static Credentials of(HttpHeaders request) {
        if (request.contains(HttpHeaderNames.AUTHORIZATION)) {
            return AUTHORIZATION;
        }
        return request.contains(HttpHeaderNames.COOKIE) ? COOKIE : NONE;
    }
}
