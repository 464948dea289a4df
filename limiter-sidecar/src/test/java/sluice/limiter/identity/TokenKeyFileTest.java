package sluice.limiter.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.limiter.identity.TokenFixture.HMAC;
import static sluice.limiter.identity.TokenFixture.JWKS;
import static sluice.limiter.identity.TokenFixture.NOW;
import static sluice.limiter.identity.TokenFixture.alice;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.config.JwtRules;
import sluice.limiter.judge.TokenCheck;

class TokenKeyFileTest {

    private static final byte[] SECRET = secret('a');
    private static final byte[] OTHER = secret('b');

    @TempDir
    private Path secrets;

    private static byte[] secret(char letter) {
        var secret = new byte[32];
        Arrays.fill(secret, (byte) letter);
        return secret;
    }

    private static String keySet(byte[] secret) {
        return new JWKSet(new OctetSequenceKey.Builder(secret).build()).toString(false);
    }

    /** A set of keys of which none is for an algorithm that is known. */
    private static String unfit() {
        return new JWKSet(List.of(
                        new OctetSequenceKey.Builder(new byte[16]).build(),
                        new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(new byte[32])).build()))
                .toString(false);
    }

    @BeforeEach
    void folders() throws IOException {
        Files.createDirectory(secrets.resolve("auth-keys"));
        Files.createDirectory(secrets.resolve("auth-key"));
    }

    private TokenKeyFile open(JwtRules rules) {
        return TokenKeyFile.open(secrets, rules, Set.of(), () -> NOW, new VerificationBudget(System::nanoTime));
    }

    private static TokenCheck check(TokenKeyFile keys, byte[] secret) throws JOSEException {
        return keys.verify(TokenFixture.hs256(secret, alice().build())).check();
    }

    @Test
    void takesAKeySetUpWhenItAppearsChangesAndGoes() throws IOException, JOSEException {
        var keys = open(JWKS);
        assertThat(check(keys, SECRET)).isEqualTo(TokenCheck.UNCHECKED);

        var file = secrets.resolve("auth-keys/jwks.json");
        Files.writeString(file, keySet(SECRET));
        keys.refresh();
        assertThat(check(keys, SECRET)).isEqualTo(TokenCheck.VALID);

        Files.writeString(file, keySet(OTHER));
        keys.refresh();
        assertThat(check(keys, SECRET)).as("remembered under the old keys").isEqualTo(TokenCheck.INVALID);
        assertThat(check(keys, OTHER)).isEqualTo(TokenCheck.VALID);

        Files.delete(file);
        keys.refresh();
        assertThat(check(keys, OTHER)).isEqualTo(TokenCheck.UNCHECKED);
    }

    @Test
    void keepsTheKeysThatItHasWhenTheNextMakeNoSense() throws IOException, JOSEException {
        var file = secrets.resolve("auth-keys/jwks.json");
        Files.writeString(file, "not keys");
        var keys = open(JWKS);
        assertThat(check(keys, SECRET)).isEqualTo(TokenCheck.UNCHECKED);

        Files.writeString(file, keySet(SECRET));
        keys.refresh();
        for (var bad : new String[] {
            "",
            "{}",
            "[]",
            "{\"keys\":[]}",
            unfit(),
            "{\"keys\":[null]}",
            "{\"keys\":[{\"kty\":\"RSA\"}]}",
            "{\"keys\":"
        }) {
            Files.writeString(file, bad);
            keys.refresh();
            assertThat(check(keys, SECRET)).as(bad).isEqualTo(TokenCheck.VALID);
        }
    }

    @Test
    void doesNotCheckMoreForeignTokensForThereBeingSeveralRules() throws IOException, JOSEException {
        Files.writeString(secrets.resolve("auth-keys/jwks.json"), keySet(SECRET));
        var nanos = new AtomicLong();
        // Every look at the clock takes five milliseconds, as much as a token is charged at most.
        var budget = new VerificationBudget(
                () -> nanos.addAndGet(Duration.ofMillis(5).toNanos()));
        var keys = TokenKeyFile.open(secrets, JWKS, Set.of(), () -> NOW, budget);
        var otherRules = new JwtRules(JWKS.keys(), "email", Optional.empty(), Optional.empty());
        var otherKeys = TokenKeyFile.open(secrets, otherRules, Set.of(), () -> NOW, budget);

        for (var forged = 0; forged < 45; forged++) {
            keys.verify("forged" + forged + ".e30.AAAA");
        }

        assertThat(check(otherKeys, SECRET)).isEqualTo(TokenCheck.UNCHECKED);
    }

    @Test
    void keepsTheKeysThatItHasWhenTheFileCannotBeRead() throws IOException, JOSEException {
        var file = secrets.resolve("auth-keys/jwks.json");
        Files.writeString(file, keySet(SECRET));
        var keys = open(JWKS);

        Files.delete(file);
        Files.createDirectory(file);
        keys.refresh();
        assertThat(check(keys, SECRET)).isEqualTo(TokenCheck.VALID);

        Files.delete(file);
        keys.refresh();
        assertThat(check(keys, SECRET)).isEqualTo(TokenCheck.UNCHECKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"keys\":[", "{\"keys\":[],\"x\":[", "{\"keys\":[{\"kty\":\"oct\",\"k\":"})
    void keepsTheKeysThatItHasWhenTheNextAreNestedWithoutEnd(String begin) throws IOException, JOSEException {
        var file = secrets.resolve("auth-keys/jwks.json");
        Files.writeString(file, keySet(SECRET));
        var keys = open(JWKS);

        Files.writeString(file, begin + "[".repeat(200_000));
        keys.refresh();

        assertThat(check(keys, SECRET)).isEqualTo(TokenCheck.VALID);
    }

    @Test
    void takesAnHmacKeyWithOrWithoutALineEnd() throws IOException, JOSEException {
        var file = secrets.resolve("auth-key/hmac.key");
        Files.write(file, SECRET);
        var keys = open(HMAC);
        assertThat(check(keys, SECRET)).isEqualTo(TokenCheck.VALID);

        Files.writeString(file, "b".repeat(32) + "\n");
        keys.refresh();
        assertThat(check(keys, OTHER)).isEqualTo(TokenCheck.VALID);
        assertThat(check(keys, SECRET)).isEqualTo(TokenCheck.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void takesForPartOfAKeyWhatItEndsWithWhenItIsNoText(String end) throws IOException, JOSEException {
        var secret = new byte[64];
        System.arraycopy(end.getBytes(US_ASCII), 0, secret, 64 - end.length(), end.length());
        Files.write(secrets.resolve("auth-key/hmac.key"), secret);

        assertThat(check(open(HMAC), secret)).isEqualTo(TokenCheck.VALID);
    }

    @Test
    void tellsAClaimFromWhenItIsWanted() throws IOException, JOSEException {
        Files.write(secrets.resolve("auth-key/hmac.key"), SECRET);
        var keys = open(HMAC);
        var token = TokenFixture.hs256(SECRET, alice().claim("plan", "gold").build());
        assertThat(keys.verify(token).claims()).isEqualTo(Claims.NONE);

        Files.writeString(secrets.resolve("auth-key/hmac.key"), "no key");
        keys.refresh();
        keys.want(Set.of("plan"));
        keys.want(Set.of());
        assertThat(keys.verify(token).claims().has("plan", "gold")).isTrue();
    }

    @Test
    void refusesAKeyThatCouldBeGuessedAndQuotesNone() {
        assertThatThrownBy(() -> SigningKeys.read(HMAC.keys(), "hunter2\n".getBytes(US_ASCII)))
                .hasMessage("must have at least 32 bytes, has 7");
        assertThatThrownBy(() -> SigningKeys.read(JWKS.keys(), "hunter2".getBytes(US_ASCII)))
                .hasMessage("must be a JSON Web Key Set (RFC 7517)")
                .hasNoCause();
        assertThatThrownBy(() -> SigningKeys.read(JWKS.keys(), unfit().getBytes(US_ASCII)))
                .hasMessage("must have a key for signatures by one of ES256, ES384, ES512, HS256, HS384, HS512, PS256,"
                        + " PS384, PS512, RS256, RS384, RS512; none of its 2 is");
    }
}
