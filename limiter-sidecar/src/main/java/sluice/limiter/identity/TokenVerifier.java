package sluice.limiter.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.TokenCheck;

/**
 * Verifies signed tokens with one set of keys (RFC 7519). The key's type must fit the algorithm, so that a public RSA key is never
 * used as an HMAC secret, and {@code none} is no algorithm. What was verified is remembered by its hash until it expires.
 */
final class TokenVerifier implements TokenKeys {

    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final int MOST_REMEMBERED = 10_000;

    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.HS256,
            JWSAlgorithm.HS384,
            JWSAlgorithm.HS512,
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private record Verified(
            Optional<String> user, Claims claims, Optional<Instant> notBefore, Optional<Instant> expiry) {}

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Cache<ByteBuffer, Verified> verified = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .executor(Runnable::run)
            .build();
    private final String claim;
    private final InstantSource clock;

    TokenVerifier(JWKSet keys, String claim, InstantSource clock) {
        this.claim = claim;
        this.clock = clock;
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
        processor.setJWSTypeVerifier((type, context) -> {});
        // Times are checked below, on every use and not only when the signature is.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
    }

    @Override
    public TokenVerdict verify(String token) {
        var key = ByteBuffer.wrap(CallerKey.sha256(token));
        var known = verified.getIfPresent(key);
        if (known != null) {
            return judge(known, key);
        }
        return check(token)
                .map(fresh -> {
                    verified.put(key, fresh);
                    return judge(fresh, key);
                })
                .orElseGet(() -> TokenVerdict.of(TokenCheck.INVALID));
    }

    private TokenVerdict judge(Verified token, ByteBuffer key) {
        var now = clock.instant();
        if (token.expiry().filter(end -> now.isAfter(end.plus(SKEW))).isPresent()) {
            verified.invalidate(key);
            return TokenVerdict.of(TokenCheck.EXPIRED);
        }
        if (token.user().isEmpty()
                || token.notBefore()
                        .filter(start -> now.isBefore(start.minus(SKEW)))
                        .isPresent()) {
            return TokenVerdict.of(TokenCheck.INVALID);
        }
        return new TokenVerdict(TokenCheck.VALID, token.user(), token.claims());
    }

    private Optional<Verified> check(String token) {
        try {
            var claims = processor.process(token, null);
            return Optional.of(new Verified(
                    user(claims),
                    Claims.of(claims.getClaims()),
                    instant(claims.getNotBeforeTime()),
                    instant(claims.getExpirationTime())));
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> user(JWTClaimsSet claims) {
        return switch (claims.getClaim(claim)) {
            case String text when !text.isBlank() -> Optional.of(text);
            case Long number -> Optional.of(number.toString());
            case null, default -> Optional.empty();
        };
    }

    private static Optional<Instant> instant(@Nullable Date date) {
        return Optional.ofNullable(date).map(Date::toInstant);
    }
}
