package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import sluice.limiter.judge.TokenCheck;
import sluice.limiter.metrics.AuthResult;

/**
 * Tells how a request fared with the app's authentication. The app's answer decides whether it failed, and the token and the app's
 * challenge why: what only the sidecar thinks of a token is no failure that anybody has met. docs/metrics.md has the table.
 */
final class AuthResults {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private AuthResults() {}

    /** For an answer of the app with these headers. */
    static AuthResult of(int status, Credentials credentials, TokenCheck token, HttpHeaders answer) {
        return switch (status) {
            case UNAUTHORIZED -> refused(credentials, token, Challenge.in(answer));
            case FORBIDDEN -> forbidden(credentials, token, Challenge.in(answer));
            default -> accepted(credentials, token);
        };
    }

    private static AuthResult refused(Credentials credentials, TokenCheck token, Challenge challenge) {
        if (credentials != Credentials.AUTHORIZATION && !challenge.invalidToken()) {
            // A failed login too: its name and password are in the body, which nobody but the app reads.
            return AuthResult.MISSING;
        }
        return token == TokenCheck.EXPIRED || challenge.expired() ? AuthResult.EXPIRED : AuthResult.INVALID;
    }

    /** Mostly a matter of rights and not of authentication; but Spring and others answer it to whom they do not know. */
    private static AuthResult forbidden(Credentials credentials, TokenCheck token, Challenge challenge) {
        var badToken = token == TokenCheck.INVALID || token == TokenCheck.EXPIRED || challenge.invalidToken();
        if (badToken || credentials == Credentials.NONE) {
            return refused(credentials, token, challenge);
        }
        return accepted(credentials, token);
    }

    /** What an app lets pass with a token that is no good, it does not authenticate. */
    private static AuthResult accepted(Credentials credentials, TokenCheck token) {
        return credentials != Credentials.AUTHORIZATION || token == TokenCheck.INVALID || token == TokenCheck.EXPIRED
                ? AuthResult.NONE
                : AuthResult.OK;
    }

    /** For a request that the app did not answer: a token that is valid is, whatever became of the app. */
    static AuthResult unanswered(TokenCheck token) {
        return token == TokenCheck.VALID ? AuthResult.OK : AuthResult.NONE;
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
