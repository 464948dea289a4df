package sluice.limiter.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.JwtRules;
import sluice.limiter.judge.TokenCheck;

/**
 * Verifies signed tokens with one set of keys (RFC 7519); {@code none} is no algorithm. What was verified is remembered by its hash
 * until it expires, and what was refused for a while. Whatever a stranger sends is invalid, never an exception.
 */
final class TokenVerifier implements TokenKeys {

    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final int LONGEST_TOKEN = 8192;
    private static final long REMEMBERED_BYTES = 8 << 20;
    private static final int MOST_REFUSED_REMEMBERED = 1_000;
    private static final TokenVerdict INVALID = TokenVerdict.of(TokenCheck.INVALID);

    private record Verified(
            Optional<String> user, Claims claims, Optional<Instant> notBefore, Optional<Instant> expiry) {

        /** About how many bytes it takes, with its place in the cache. */
        int weight() {
            return 400 + user.map(String::length).orElse(0) + claims.weight();
        }
    }

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Cache<ByteBuffer, Verified> verified = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_BYTES)
            .<ByteBuffer, Verified>weigher((_, token) -> token.weight())
            .executor(Runnable::run)
            .build();
    // Apart from the verified, so that made-up tokens push none of those out.
    private final Cache<ByteBuffer, Boolean> refused = Caffeine.newBuilder()
            .maximumSize(MOST_REFUSED_REMEMBERED)
            .executor(Runnable::run)
            .build();
    private final JwtRules rules;
    private final InstantSource clock;
    private final VerificationBudget budget;

    TokenVerifier(SigningKeys keys, JwtRules rules, InstantSource clock, VerificationBudget budget) {
        this.rules = rules;
        this.clock = clock;
        this.budget = budget;
        processor.setJWSKeySelector(keys);
        processor.setJWSTypeVerifier((type, context) -> {});
        // Times are checked below, on every use and not only when the signature is.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
    }

    /** Checks a forged token of each kind, so that the first caller does not pay for loading the code. */
    void rehearse() {
        for (var algorithm : List.of("HS256", "RS256", "ES256")) {
            var signature = new byte[algorithm.equals("RS256") ? 256 : 64];
            Arrays.fill(signature, (byte) 1);
            var _ = check(encoded(("{\"alg\":\"" + algorithm + "\"}").getBytes(UTF_8)) + "."
                    + encoded("{}".getBytes(UTF_8)) + "." + encoded(signature));
        }
    }

    private static String encoded(byte[] part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
    }

    @Override
    public TokenVerdict verify(String token) {
        if (token.length() > LONGEST_TOKEN) {
            return INVALID;
        }
        var key = ByteBuffer.wrap(CallerKey.sha256(token));
        var known = verified.getIfPresent(key);
        if (known != null) {
            return judge(known, key);
        }
        if (refused.getIfPresent(key) != null) {
            return INVALID;
        }
        return budget.isLeft() ? verifyNew(token, key) : TokenVerdict.of(TokenCheck.UNCHECKED);
    }

    private TokenVerdict verifyNew(String token, ByteBuffer key) {
        var began = budget.now();
        var fresh = check(token);
        budget.spentSince(began);
        if (fresh.isEmpty()) {
            refused.put(key, Boolean.TRUE);
            return INVALID;
        }
        verified.put(key, fresh.get());
        return judge(fresh.get(), key);
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
            return INVALID;
        }
        return new TokenVerdict(TokenCheck.VALID, token.user(), token.claims());
    }

    private Optional<Verified> check(String token) {
        try {
            var claims = processor.process(token, null);
            return isForUs(claims)
                    ? Optional.of(new Verified(
                            user(claims),
                            Claims.of(claims.getClaims()),
                            instant(claims.getNotBeforeTime()),
                            instant(claims.getExpirationTime())))
                    : Optional.empty();
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private boolean isForUs(JWTClaimsSet claims) {
        return rules.audience().stream().allMatch(claims.getAudience()::contains)
                && rules.issuer().stream().allMatch(issuer -> issuer.equals(claims.getIssuer()));
    }

    private Optional<String> user(JWTClaimsSet claims) {
        return switch (claims.getClaim(rules.claim())) {
            case String text when !text.isBlank() -> Optional.of(text);
            case Long number -> Optional.of(number.toString());
            case null, default -> Optional.empty();
        };
    }

    private static Optional<Instant> instant(@Nullable Date date) {
        return Optional.ofNullable(date).map(Date::toInstant);
    }
}
