package sluice.limiter.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private static final int MOST_REFUSED_REMEMBERED = 4_000;

    private static final int REHEARSALS = 200;
    private static final long LONGEST_REHEARSAL = Duration.ofMillis(300).toNanos();

    /** The end of the year 9999: what is later is for ever, and no time that can be reckoned with. */
    private static final long LATEST = 253_402_300_799L;

    private static final TokenVerdict INVALID = TokenVerdict.of(TokenCheck.INVALID);
    private static final TokenVerdict EXPIRED = TokenVerdict.of(TokenCheck.EXPIRED);

    private record Verified(
            Optional<String> kid,
            Optional<String> user,
            Claims claims,
            Optional<Instant> notBefore,
            Optional<Instant> expiry) {

        /** About how many bytes it takes, with its place in the cache. */
        int weight() {
            return 400
                    + kid.map(String::length).orElse(0)
                    + user.map(String::length).orElse(0)
                    + claims.weight();
        }
    }

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Cache<ByteBuffer, Verified> verified = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_BYTES)
            .<ByteBuffer, Verified>weigher((_, token) -> token.weight())
            .executor(Runnable::run)
            .build();
    // Apart from the verified, so that made-up tokens push none of those out.
    private final Cache<ByteBuffer, TokenVerdict> refused = Caffeine.newBuilder()
            .maximumSize(MOST_REFUSED_REMEMBERED)
            .executor(Runnable::run)
            .build();
    private final SigningKeys keys;
    private final JwtRules rules;
    private final Set<String> wantedClaims;
    private final InstantSource clock;
    private final VerificationBudget budget;

    /** Tells of a token's claims {@code wantedClaims}: all that it says would leave room for few tokens. */
    TokenVerifier(
            SigningKeys keys,
            JwtRules rules,
            Set<String> wantedClaims,
            InstantSource clock,
            VerificationBudget budget) {
        this.keys = keys;
        this.rules = rules;
        this.wantedClaims = wantedClaims;
        this.clock = clock;
        this.budget = budget;
        processor.setJWSKeySelector(keys);
        processor.setJWSTypeVerifier((type, context) -> {});
        // Times are checked below, on every use and not only when the signature is.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
    }

    /** One with the same keys that tells these claims, and knows no token yet. */
    TokenVerifier telling(Set<String> otherClaims) {
        return new TokenVerifier(keys, rules, otherClaims, clock, budget);
    }

    /**
     * Checks forged tokens of each kind, so that the first callers do not pay for loading and compiling the code: cold, a check takes
     * several times as long.
     */
    void rehearse() {
        var began = System.nanoTime();
        var tokens = List.of(forged("HS256", 64), forged("RS256", 256), forged("ES256", 64));
        for (var round = 0; round < REHEARSALS && System.nanoTime() - began < LONGEST_REHEARSAL; round++) {
            tokens.forEach(this::check);
        }
    }

    private static String forged(String algorithm, int signatureLength) {
        var signature = new byte[signatureLength];
        Arrays.fill(signature, (byte) 1);
        return encoded(("{\"alg\":\"" + algorithm + "\"}").getBytes(UTF_8)) + "." + encoded("{}".getBytes(UTF_8)) + "."
                + encoded(signature);
    }

    /** Knows the tokens that {@code before} knew, if all keys that may have vouched for them still do. */
    void takeOver(TokenVerifier before) {
        before.verified.asMap().forEach((key, token) -> {
            if (keys.haveAllOf(before.keys, token.kid())) {
                verified.put(key, token);
            }
        });
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
        var refusal = refused.getIfPresent(key);
        if (refusal != null) {
            return refusal;
        }
        if (!hasOneSpelling(token)) {
            return INVALID;
        }
        return budget.isLeft() ? verifyNew(token, key) : TokenVerdict.of(TokenCheck.UNCHECKED);
    }

    /**
     * False when its signature, which does not vouch for itself, could be spelled otherwise: one token would be as many as somebody likes,
     * each to be checked and remembered.
     */
    private static boolean hasOneSpelling(String token) {
        var signature = token.substring(token.lastIndexOf('.') + 1);
        try {
            return encoded(Base64.getUrlDecoder().decode(signature)).equals(signature);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private TokenVerdict verifyNew(String token, ByteBuffer key) {
        var began = budget.now();
        var fresh = check(token);
        budget.spentSince(began, fresh.isEmpty());
        if (fresh.isEmpty()) {
            refused.put(key, INVALID);
            return INVALID;
        }
        verified.put(key, fresh.get());
        return judge(fresh.get(), key);
    }

    private TokenVerdict judge(Verified token, ByteBuffer key) {
        var now = clock.instant();
        if (token.expiry().filter(end -> now.isAfter(end.plus(SKEW))).isPresent()) {
            verified.invalidate(key);
            refused.put(key, EXPIRED);
            return EXPIRED;
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
            var jwt = SignedJWT.parse(token);
            if (!isForUs(processor.process(jwt, null))) {
                return Optional.empty();
            }
            // As it was written: Nimbus makes a text of a number that names the subject, and rounds it.
            var claims = jwt.getPayload().toJSONObject();
            return Optional.of(new Verified(
                    Optional.ofNullable(jwt.getHeader().getKeyID()),
                    user(claims.get(rules.claim())),
                    Claims.of(claims, wantedClaims),
                    instant(claims.get("nbf")),
                    instant(claims.get("exp"))));
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private boolean isForUs(JWTClaimsSet claims) {
        return rules.audience().stream().allMatch(claims.getAudience()::contains)
                && rules.issuer().stream().allMatch(issuer -> issuer.equals(claims.getIssuer()));
    }

    private static Optional<String> user(@Nullable Object claim) {
        return switch (claim) {
            case String text when !text.isBlank() -> Optional.of(text);
            case Long number -> Optional.of(number.toString());
            case null, default -> Optional.empty();
        };
    }

    private static Optional<Instant> instant(@Nullable Object seconds) {
        return seconds instanceof Number number
                ? Optional.of(Instant.ofEpochSecond(Math.clamp(number.longValue(), 0, LATEST)))
                : Optional.empty();
    }
}
