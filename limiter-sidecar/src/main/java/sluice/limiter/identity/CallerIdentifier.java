package sluice.limiter.identity;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.TokenCheck;

/** Finds out who is calling. A user that cannot be believed counts as its address: made-up users must not evade a limit. */
public final class CallerIdentifier {

    private static final int LONGEST_USER = 256;
    private static final String BEARER = "Bearer";

    private final IdentityRules rules;
    private final Optional<TokenKeys> keys;

    /** Takes the keys of {@code rules.jwt()}, if there is one. */
    public CallerIdentifier(IdentityRules rules, Optional<TokenKeys> keys) {
        this.rules = rules;
        this.keys = keys;
    }

    public boolean checksTokens() {
        return keys.isPresent();
    }

    public Caller identify(RequestHead head) {
        var trusted = ClientAddress.isTrusted(head.peer(), rules.trustedProxies());
        var token = token(head.headers());
        var user = keys.isPresent() ? token.user() : userHeader(head.headers(), trusted);
        var identity = user.filter(CallerIdentifier::isUsable)
                .map(name -> "user:" + name)
                .orElseGet(() -> "ip:" + address(head));
        return new Caller(identity, trusted, token.check(), token.claims());
    }

    private String address(RequestHead head) {
        var client = ClientAddress.of(head.peer(), head.headers(), rules.trustedProxies());
        return ClientAddress.name(client, rules.ipv6Prefix());
    }

    private static boolean isUsable(String user) {
        return !user.isBlank() && user.length() <= LONGEST_USER && isWellFormed(user);
    }

    // Half a surrogate pair has no UTF-8: all of them would be hashed alike.
    private static boolean isWellFormed(String user) {
        for (var at = 0; at < user.length(); at += Character.charCount(user.codePointAt(at))) {
            if (Character.getType(user.codePointAt(at)) == Character.SURROGATE) {
                return false;
            }
        }
        return true;
    }

    // Two values: a proxy may have added its own to what the client sent, and which is whose cannot be told.
    private Optional<String> userHeader(HttpHeaders headers, boolean trusted) {
        if (!trusted || rules.userHeader().isEmpty()) {
            return Optional.empty();
        }
        var values = headers.getAll(rules.userHeader().get());
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private TokenVerdict token(HttpHeaders headers) {
        var values = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        if (values.stream().noneMatch(CallerIdentifier::isBearer)) {
            return TokenVerdict.of(TokenCheck.ABSENT);
        }
        if (keys.isEmpty()) {
            return TokenVerdict.of(TokenCheck.UNCHECKED);
        }
        return values.size() == 1
                ? keys.get().verify(values.getFirst().substring(BEARER.length()).strip())
                : TokenVerdict.of(TokenCheck.INVALID);
    }

    private static boolean isBearer(String value) {
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && (value.length() == BEARER.length() || Character.isWhitespace(value.charAt(BEARER.length())));
    }
}
