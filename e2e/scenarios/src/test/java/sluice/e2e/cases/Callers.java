package sluice.e2e.cases;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Random;

/** Makes users that nobody has seen before, with tokens that verify. */
final class Callers {
    private final OctetSequenceKey key;
    private final Random random = new Random();

    private Callers(OctetSequenceKey key) {
        this.key = key;
    }

    /** Signs with the key that the demo app and the sidecars of this run verify with. */
    static Callers ofThisCluster(KubernetesClient client) {
        var secret = client.secrets()
                .inNamespace(TestCluster.NAMESPACE)
                .withName("auth-keys")
                .get();
        var keys = Base64.getDecoder().decode(secret.getData().get("jwks.json"));
        try {
            return new Callers(JWKSet.parse(new String(keys, StandardCharsets.UTF_8))
                    .getKeys()
                    .getFirst()
                    .toOctetSequenceKey());
        } catch (ParseException e) {
            throw new IllegalStateException("the Secret auth-keys has no JWK Set", e);
        }
    }

    /** The bearer token of a new user. */
    String newUser() {
        return token("guest-" + Long.toString(random.nextLong(1L << 40), 36));
    }

    private String token(String name) {
        var claims = new JWTClaimsSet.Builder()
                .subject(name)
                .claim("role", "student")
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
                .build();
        var header =
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
