package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import sluice.limiter.judge.TokenCheck;
import sluice.limiter.metrics.AuthResult;

/** Reads from the app's answer how a request fared with its authentication. */
final class AuthResults {

    private AuthResults() {}

    /**
     * The result of one request.
     *
     * @param credentials whether it had an {@code Authorization} header
     * @param answer the headers of the app's answer; {@code WWW-Authenticate} may say that a token has expired (RFC 6750, section 3.1)
     */
    static AuthResult of(int status, boolean credentials, TokenCheck token, HttpHeaders answer) {
        if (status != HttpResponseStatus.UNAUTHORIZED.code()) {
            return credentials ? AuthResult.OK : AuthResult.NONE;
        }
        if (!credentials) {
            return AuthResult.MISSING;
        }
        return token == TokenCheck.EXPIRED || saysExpired(answer) ? AuthResult.EXPIRED : AuthResult.INVALID;
    }

    private static boolean saysExpired(HttpHeaders answer) {
        for (var challenge : answer.getAll(HttpHeaderNames.WWW_AUTHENTICATE)) {
            var text = challenge.toLowerCase(Locale.ROOT);
            var description = text.indexOf("error_description");
            if (description >= 0 && text.indexOf("expired", description) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** For a request that the limiter answered: what its token alone shows. */
    static AuthResult ofToken(TokenCheck token) {
        return switch (token) {
            case VALID -> AuthResult.OK;
            case INVALID -> AuthResult.INVALID;
            case EXPIRED -> AuthResult.EXPIRED;
            case ABSENT, UNCHECKED -> AuthResult.NONE;
        };
    }
}
