package sluice.limiter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.config.JwtRules;
import sluice.limiter.judge.TokenCheck;

class TokenVerifierTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final TokenVerdict ALICE =
            new TokenVerdict(TokenCheck.VALID, Optional.of("alice"), new Claims(Map.of("sub", Set.of("alice"))));
    private static final TokenVerdict INVALID = TokenVerdict.of(TokenCheck.INVALID);
    private static final TokenVerdict EXPIRED = TokenVerdict.of(TokenCheck.EXPIRED);

    private final OctetSequenceKey secret =
            new OctetSequenceKeyGenerator(256).keyID("h").generate();
    private final RSAKey rsa = new RSAKeyGenerator(2048).keyID("r").generate();
    private final ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
    private Instant now = NOW;
    private final TokenVerifier verifier =
            new TokenVerifier(new JWKSet(List.of(secret, rsa.toPublicJWK(), ec.toPublicJWK())), "sub", () -> now);

    TokenVerifierTest() throws JOSEException {}

    private static String sign(JWSAlgorithm algorithm, String kid, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private String signed(JWTClaimsSet claims) throws JOSEException {
        return sign(JWSAlgorithm.HS256, "h", new MACSigner(secret), claims);
    }

    private static JWTClaimsSet.Builder alice() {
        return new JWTClaimsSet.Builder().subject("alice").expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    @Test
    void takesHmacRsaAndEllipticKeys() throws JOSEException {
        assertThat(verifier.verify(signed(alice().build()))).isEqualTo(ALICE);
        assertThat(verifier.verify(sign(JWSAlgorithm.RS256, "r", new RSASSASigner(rsa), alice().build())))
                .isEqualTo(ALICE);
        assertThat(verifier.verify(sign(JWSAlgorithm.PS256, "r", new RSASSASigner(rsa), alice().build())))
                .isEqualTo(ALICE);
        assertThat(verifier.verify(sign(JWSAlgorithm.ES256, "e", new ECDSASigner(ec), alice().build())))
                .isEqualTo(ALICE);
    }

    @Test
    void refusesTheAlgorithmNone() {
        assertThat(verifier.verify(new PlainJWT(alice().build()).serialize())).isEqualTo(INVALID);
    }

    @Test
    void refusesAPublicKeyUsedAsASecret() throws JOSEException {
        var publicKey = rsa.toRSAPublicKey().getEncoded();

        assertThat(verifier.verify(sign(JWSAlgorithm.HS256, "r", new MACSigner(publicKey), alice().build())))
                .isEqualTo(INVALID);
    }

    @Test
    void refusesAStrangersKeyAndGarbage() throws JOSEException {
        var stranger = new OctetSequenceKeyGenerator(256).keyID("h").generate();

        assertThat(verifier.verify(sign(JWSAlgorithm.HS256, "h", new MACSigner(stranger), alice().build())))
                .isEqualTo(INVALID);
        assertThat(verifier.verify("")).isEqualTo(INVALID);
        assertThat(verifier.verify("a.b.c")).isEqualTo(INVALID);
        assertThat(verifier.verify(signed(alice().build()) + "x")).isEqualTo(INVALID);
    }

    @Test
    void allowsClocksToDifferByThirtySeconds() throws JOSEException {
        var token = signed(alice().notBeforeTime(Date.from(NOW)).build());

        now = NOW.minusSeconds(31);
        assertThat(verifier.verify(token)).isEqualTo(INVALID);
        now = NOW.minusSeconds(30);
        assertThat(verifier.verify(token)).isEqualTo(ALICE);
        now = NOW.plusSeconds(90);
        assertThat(verifier.verify(token)).isEqualTo(ALICE);
        now = NOW.plusSeconds(91);
        assertThat(verifier.verify(token)).isEqualTo(EXPIRED);
        assertThat(verifier.verify(token)).isEqualTo(EXPIRED);
    }

    @Test
    void needsAUserInTheClaim() throws JOSEException {
        assertThat(verifier.verify(signed(new JWTClaimsSet.Builder().build()))).isEqualTo(INVALID);
        assertThat(verifier.verify(
                        signed(new JWTClaimsSet.Builder().subject(" ").build())))
                .isEqualTo(INVALID);
        assertThat(verifier.verify(signed(
                        new JWTClaimsSet.Builder().claim("sub", List.of("a")).build())))
                .isEqualTo(INVALID);
    }

    @Test
    void takesTheKeysUpWhenTheFileAppearsAndChanges(@TempDir Path secrets) throws IOException, JOSEException {
        var keys = JwksFile.open(secrets, new JwtRules("auth-keys", "sub"), () -> NOW);
        var token = signed(alice().build());
        assertThat(keys.verify(token)).isEqualTo(TokenVerdict.of(TokenCheck.UNCHECKED));

        var file = Files.createDirectory(secrets.resolve("auth-keys")).resolve("jwks.json");
        Files.writeString(file, new JWKSet(secret).toString(false));
        keys.refresh();
        assertThat(keys.verify(token)).isEqualTo(ALICE);

        Files.writeString(file, new JWKSet(rsa).toString(true));
        keys.refresh();
        assertThat(keys.verify(token)).isEqualTo(INVALID);

        Files.writeString(file, "not keys");
        keys.refresh();
        assertThat(keys.verify(token)).isEqualTo(TokenVerdict.of(TokenCheck.UNCHECKED));
    }
}
