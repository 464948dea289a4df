package sluice.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever invents users is limited by the address: three requests, and then 429 whatever is invented next. */
class InventedUsersTest {

    private static final String BY_TOKEN = """
            {"jwt": {"jwksSecret": "auth-keys", "audience": "api"}}
            """;
    private static final String BY_HEADER = """
            {"userHeader": "X-User-Id", "trustedProxies": ["%s"], "ipv6Prefix": 64}
            """;
    private static final int ALLOWED = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    /** Sends them in turn: some are let pass as the address's own, the others are not. */
    private static void assertLimitedTogether(RunningSidecar sidecar, List<String[]> requests) throws IOException {
        var statuses = new ArrayList<Integer>();
        for (var headers : requests) {
            statuses.add(sidecar.get(headers));
        }
        assertThat(statuses.subList(0, ALLOWED)).containsOnly(200);
        assertThat(statuses.subList(ALLOWED, statuses.size())).isNotEmpty().containsOnly(429);
    }

    private static List<String[]> each(String... headers) {
        return List.of(headers).stream().map(header -> header.split("\n", -1)).toList();
    }

    @Test
    void aUserHeaderOfAStrangers() throws IOException {
        try (var sidecar = new RunningSidecar(folder, BY_HEADER.formatted("10.0.0.0/8"))) {
            assertLimitedTogether(
                    sidecar,
                    each(
                            "X-User-Id: alice",
                            "X-User-Id: bob",
                            "x-user-id: carol",
                            "X-User-Id: dave",
                            "X_User_Id: erin",
                            "X-User-Id: a\nX-User-Id: b",
                            "Connection: X-User-Id\nX-User-Id: frank",
                            "X-Forwarded-For: 203.0.113.1",
                            "X-Forwarded-For: 10.0.0.1\nX-User-Id: grace",
                            "X-Real-IP: 203.0.113.2",
                            "Forwarded: for=203.0.113.3"));
        }
    }

    @Test
    void addressesLeftOfTheOneThatAProxySaw() throws IOException {
        try (var sidecar = new RunningSidecar(folder, BY_HEADER.formatted("127.0.0.0/8"))) {
            assertLimitedTogether(
                    sidecar,
                    each(
                            "X-Forwarded-For: 2001:db8:0:1::1",
                            "X-Forwarded-For: 198.51.100.1, 2001:db8:0:1::2",
                            "X-Forwarded-For: 198.51.100.2\nX-Forwarded-For: [2001:db8:0:1:ffff::3]:4711",
                            "X-Forwarded-For: unknown, 2001:db8:0:1::4, 127.0.0.9",
                            "X-Forwarded-For: 127.0.0.1, 2001:db8:0:1::5",
                            "Forwarded: for=198.51.100.3\nX-Forwarded-For: 2001:db8:0:1::6"));
            assertThat(sidecar.get("X-Forwarded-For: 2001:db8:0:2::1")).isEqualTo(200);
            assertThat(sidecar.get("X-Forwarded-For: 2001:db8:0:1::7", "X-User-Id: alice"))
                    .isEqualTo(200);
        }
    }

    @Test
    void tokensThatNobodySignedOrThatAreForSomebodyElse() throws IOException, JOSEException {
        var key = new RSAKeyGenerator(2048).keyID("k").generate();
        Files.createDirectory(folder.resolve("auth-keys"));
        Files.writeString(folder.resolve("auth-keys/jwks.json"), new JWKSet(key).toString(true));
        try (var sidecar = new RunningSidecar(folder, BY_TOKEN)) {
            assertLimitedTogether(sidecar, invented(key));

            var valid = "Authorization: bearer " + sign(key, claims("alice").build());
            assertThat(sidecar.get(valid)).isEqualTo(200);
            assertThat(sidecar.get(valid)).isEqualTo(200);
            assertThat(sidecar.get(valid)).isEqualTo(200);
            assertThat(sidecar.get(valid)).isEqualTo(429);
            assertThat(sidecar.get(valid, valid)).as("two of them").isEqualTo(429);
        }
    }

    @Test
    void isAUserAgainAsSoonAsTheKeyIsThereAndNoLongerThanIt() throws IOException, JOSEException {
        var first = new RSAKeyGenerator(2048).keyID("k").generate();
        var second = new RSAKeyGenerator(2048).keyID("k").generate();
        var alice = "Authorization: Bearer " + sign(first, claims("alice").build());
        var bob = "Authorization: Bearer " + sign(second, claims("bob").build());
        Files.createDirectory(folder.resolve("auth-keys"));
        try (var sidecar = new RunningSidecar(folder, BY_TOKEN)) {
            assertLimitedTogether(sidecar, each(alice, alice, alice, alice));

            Files.writeString(folder.resolve("auth-keys/jwks.json"), new JWKSet(first).toString(true));
            await().atMost(PATIENCE).until(() -> sidecar.get(alice) == 200);
            Files.writeString(folder.resolve("auth-keys/jwks.json"), new JWKSet(second).toString(true));
            await().atMost(PATIENCE).until(() -> sidecar.get(bob) == 200);
            assertThat(sidecar.get(alice))
                    .as("remembered, but of a key that is gone")
                    .isEqualTo(429);
        }
    }

    private static List<String[]> invented(RSAKey key) throws JOSEException {
        var past = Date.from(Instant.now().minusSeconds(3600));
        var future = Date.from(Instant.now().plusSeconds(3600));
        var stranger = new RSAKeyGenerator(2048).keyID("k").generate();
        var publicKey = new MACSigner(key.toRSAPublicKey().getEncoded());
        var valid = sign(key, claims("heidi").build());
        var tokens = new ArrayList<>(List.of(
                new PlainJWT(claims("alice").build()).serialize(),
                sign(stranger, claims("bob").build()),
                sign(JWSAlgorithm.HS256, "k", publicKey, claims("carol").build()),
                sign(key, claims("dave").expirationTime(past).build()),
                sign(key, claims("erin").notBeforeTime(future).build()),
                sign(key, claims("frank").audience("another").build()),
                sign(
                        JWSAlgorithm.RS256,
                        "unknown",
                        new RSASSASigner(key),
                        claims("grace").build()),
                valid.substring(0, valid.lastIndexOf('.') + 1),
                "x".repeat(7_000),
                "%00.x.y",
                ""));
        for (var user = 0; user < 20; user++) {
            tokens.add(sign(stranger, claims("user" + user).build()));
        }
        return tokens.stream()
                .map(token -> new String[] {"Authorization: Bearer " + token})
                .toList();
    }

    private static JWTClaimsSet.Builder claims(String subject) {
        return new JWTClaimsSet.Builder()
                .subject(subject)
                .audience("api")
                .expirationTime(Date.from(Instant.now().plusSeconds(3600)));
    }

    private static String sign(RSAKey key, JWTClaimsSet claims) throws JOSEException {
        return sign(JWSAlgorithm.RS256, "k", new RSASSASigner(key), claims);
    }

    private static String sign(JWSAlgorithm algorithm, String kid, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims);
        token.sign(signer);
        return token.serialize();
    }
}
