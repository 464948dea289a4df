package sluice.limiter.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.JwtRules;
import sluice.limiter.config.TokenKeySource;

/** Rules, keys and tokens for tests. */
final class TokenFixture {

    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    static final JwtRules JWKS =
            new JwtRules(new TokenKeySource.Jwks("auth-keys"), "sub", Optional.empty(), Optional.empty());
    static final JwtRules HMAC =
            new JwtRules(new TokenKeySource.Hmac("auth-key"), "sub", Optional.empty(), Optional.empty());

    private TokenFixture() {}

    static SigningKeys keys(JWKSet set) {
        return SigningKeys.read(JWKS.keys(), set.toString(false).getBytes(StandardCharsets.UTF_8));
    }

    /** A budget that never runs out: time stands still. */
    static VerificationBudget unlimited() {
        return new VerificationBudget(() -> 0);
    }

    /** A budget that has nothing left, and never will. */
    static VerificationBudget usedUp() {
        var budget = unlimited();
        while (budget.isLeft()) {
            budget.spentSince(-1_000_000_000, true);
        }
        return budget;
    }

    static JWTClaimsSet.Builder alice() {
        return new JWTClaimsSet.Builder().subject("alice").expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    static String sign(JWSAlgorithm algorithm, @Nullable String kid, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    static String hs256(byte[] secret, JWTClaimsSet claims) throws JOSEException {
        return sign(JWSAlgorithm.HS256, null, new MACSigner(secret), claims);
    }
}
