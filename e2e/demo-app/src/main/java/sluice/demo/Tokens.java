package sluice.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs and checks bearer tokens (JWT, HS256) and the passwords behind them, all with the one key made for this run. */
final class Tokens {
    private static final String SCHEME = "Bearer ";

    private final OctetSequenceKey key;
    private final JWSSigner signer;
    private final JWSVerifier verifier;
    private final Clock clock;

    Tokens(OctetSequenceKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
        try {
            this.signer = new MACSigner(key);
            this.verifier = new MACVerifier(key);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the signing key must be an oct key of 256 bits or more", e);
        }
    }

    /** Reads a JWK Set whose first key is the signing key. */
    static Tokens fromKeySet(Path file, Clock clock) {
        try {
            return new Tokens(JWKSet.load(file.toFile()).getKeys().getFirst().toOctetSequenceKey(), clock);
        } catch (IOException | ParseException e) {
            throw new IllegalArgumentException(file + " must be a JWK Set with an oct key", e);
        }
    }

    String sign(User user, Duration lifetime) {
        var claims = new JWTClaimsSet.Builder()
                .subject(user.name())
                .claim("role", user.role().name().toLowerCase(Locale.ROOT))
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plus(lifetime)))
                .build();
        var header =
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    Bearer check(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Bearer.Missing();
        }
        try {
            return check(
                    SignedJWT.parse(authorization.substring(SCHEME.length()).trim()));
        } catch (ParseException | JOSEException e) {
            return new Bearer.Invalid("not a token");
        }
    }

    private Bearer check(SignedJWT token) throws ParseException, JOSEException {
        if (!JWSAlgorithm.HS256.equals(token.getHeader().getAlgorithm()) || !token.verify(verifier)) {
            return new Bearer.Invalid("the signature does not verify");
        }
        var claims = token.getJWTClaimsSet();
        var expires = claims.getExpirationTime();
        var subject = claims.getSubject();
        if (expires == null || subject == null) {
            return new Bearer.Invalid("exp and sub are needed");
        }
        if (!expires.toInstant().isAfter(clock.instant())) {
            return new Bearer.Expired();
        }
        return Users.find(subject)
                .<Bearer>map(Bearer.Verified::new)
                .orElseGet(() -> new Bearer.Invalid("no such user"));
    }

    /** The password of an account: derived, so that replicas agree on it without a database. */
    String password(User user) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.toByteArray(), "HmacSHA256"));
            byte[] derived = mac.doFinal(("password:" + user.name()).getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(derived);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean passwordMatches(User user, String password) {
        return MessageDigest.isEqual(password(user).getBytes(UTF_8), password.getBytes(UTF_8));
    }
}
