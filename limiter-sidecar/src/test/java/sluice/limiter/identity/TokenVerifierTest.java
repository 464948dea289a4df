package sluice.limiter.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.identity.TokenFixture.HMAC;
import static sluice.limiter.identity.TokenFixture.JWKS;
import static sluice.limiter.identity.TokenFixture.NOW;
import static sluice.limiter.identity.TokenFixture.alice;
import static sluice.limiter.identity.TokenFixture.sign;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.config.JwtRules;
import sluice.limiter.judge.TokenCheck;

class TokenVerifierTest {

    private static final TokenVerdict INVALID = TokenVerdict.of(TokenCheck.INVALID);
    private static final TokenVerdict UNCHECKED = TokenVerdict.of(TokenCheck.UNCHECKED);
    private static final TokenVerdict EXPIRED = TokenVerdict.of(TokenCheck.EXPIRED);
    private static final Set<String> WANTED =
            Set.of("sub", "plan", "level", "staff", "roles", "address", "essay", "nothing");
    private static final OctetSequenceKey SECRET;
    private static final RSAKey RSA;
    private static final RSAKey PINNED;
    private static final ECKey EC;

    static {
        try {
            SECRET = new OctetSequenceKeyGenerator(256).keyID("h").generate();
            RSA = new RSAKeyGenerator(2048).keyID("r").generate();
            PINNED = new RSAKeyGenerator(2048)
                    .keyID("p")
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
            EC = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private Instant now = NOW;
    private final TokenVerifier verifier = verifier(JWKS);

    private TokenVerifier verifier(JwtRules rules) {
        var keys = new JWKSet(List.of(SECRET, RSA.toPublicJWK(), PINNED.toPublicJWK(), EC.toPublicJWK()));
        return new TokenVerifier(TokenFixture.keys(keys), rules, WANTED, () -> now, TokenFixture.unlimited());
    }

    private static TokenVerifier verifier(JWKSet keys) {
        return new TokenVerifier(TokenFixture.keys(keys), JWKS, WANTED, () -> NOW, TokenFixture.unlimited());
    }

    private static TokenVerifier hmacVerifier(byte[] secret) {
        return new TokenVerifier(
                SigningKeys.read(HMAC.keys(), secret), HMAC, WANTED, () -> NOW, TokenFixture.unlimited());
    }

    private static String signed(JWTClaimsSet claims) throws JOSEException {
        return sign(JWSAlgorithm.HS256, "h", new MACSigner(SECRET), claims);
    }

    private static void assertAlice(TokenVerdict verdict) {
        assertThat(verdict)
                .isEqualTo(new TokenVerdict(
                        TokenCheck.VALID, Optional.of("alice"), new Claims(Map.of("sub", Set.of("alice")))));
    }

    @Test
    void takesHmacRsaAndEllipticKeys() throws JOSEException {
        assertAlice(verifier.verify(signed(alice().build())));
        assertAlice(verifier.verify(sign(JWSAlgorithm.RS256, "r", new RSASSASigner(RSA), alice().build())));
        assertAlice(verifier.verify(sign(JWSAlgorithm.PS256, "r", new RSASSASigner(RSA), alice().build())));
        assertAlice(verifier.verify(sign(JWSAlgorithm.ES256, "e", new ECDSASigner(EC), alice().build())));
    }

    @Test
    void refusesTheAlgorithmNone() {
        assertThat(verifier.verify(new PlainJWT(alice().build()).serialize())).isEqualTo(INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void aTokenThatIsNestedAsDeepAsItsLengthAllowsIsNoException(String opening) throws JOSEException {
        var deep = "{\"alg\":\"HS256\",\"sub\":\"alice\",\"x\":" + opening.repeat(5500 / opening.length());
        var header = Base64URL.encode(deep) + ".e30.AAAA";
        var payload = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(deep));
        payload.sign(new MACSigner(SECRET));

        assertThat(onASmallStack(() -> verifier.verify(header))).isEqualTo(INVALID);
        assertThat(onASmallStack(() -> verifier.verify(payload.serialize()))).isEqualTo(INVALID);
    }

    private static TokenVerdict onASmallStack(Supplier<TokenVerdict> verification) {
        var verdict = new CompletableFuture<TokenVerdict>();
        var verifying =
                new Thread(null, () -> verdict.completeAsync(verification, Runnable::run), "small stack", 160 * 1024);
        verifying.start();
        return verdict.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void refusesATokenWithItsSignatureCutOff() throws JOSEException {
        var token = signed(alice().build());

        assertThat(verifier.verify(token.substring(0, token.lastIndexOf('.') + 1)))
                .isEqualTo(INVALID);
        assertThat(verifier.verify(token.substring(0, token.lastIndexOf('.')))).isEqualTo(INVALID);
    }

    @Test
    void refusesAPublicKeyUsedAsASecret() throws JOSEException {
        var encoded = RSA.toRSAPublicKey().getEncoded();
        var pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(US_ASCII);

        for (var secret : List.of(encoded, pem, RSA.toPublicJWK().toJSONString().getBytes(UTF_8))) {
            for (var algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS512)) {
                assertThat(verifier.verify(sign(algorithm, "r", new MACSigner(secret), alice().build())))
                        .isEqualTo(INVALID);
            }
        }
    }

    @Test
    void holdsAKeyToItsAlgorithmAndItsUse() throws JOSEException {
        assertAlice(verifier.verify(sign(JWSAlgorithm.RS256, "p", new RSASSASigner(PINNED), alice().build())));
        assertThat(verifier.verify(sign(JWSAlgorithm.PS256, "p", new RSASSASigner(PINNED), alice().build())))
                .isEqualTo(INVALID);
        assertThat(verifier.verify(sign(JWSAlgorithm.RS512, "p", new RSASSASigner(PINNED), alice().build())))
                .isEqualTo(INVALID);

        var encrypting =
                new RSAKeyGenerator(2048).keyID("x").keyUse(KeyUse.ENCRYPTION).generate();
        var wrongUse = verifier(new JWKSet(List.of(SECRET, encrypting.toPublicJWK())));
        assertThat(wrongUse.verify(sign(JWSAlgorithm.RS256, "x", new RSASSASigner(encrypting), alice().build())))
                .isEqualTo(INVALID);
    }

    @Test
    void letsAKeyThatIsTooShortForATokenNotStandInTheWayOfOneThatFits() throws JOSEException {
        var large = new OctetSequenceKeyGenerator(512).generate();
        var keys = verifier(new JWKSet(List.of(new OctetSequenceKey.Builder(new byte[3]).build(), SECRET, large)));

        assertAlice(keys.verify(sign(JWSAlgorithm.HS512, null, new MACSigner(large), alice().build())));
        assertAlice(keys.verify(sign(JWSAlgorithm.HS256, null, new MACSigner(SECRET), alice().build())));
    }

    @Test
    void refusesAnUnknownKeyNameAndAnothersKeyName() throws JOSEException {
        assertThat(verifier.verify(sign(JWSAlgorithm.HS256, "x", new MACSigner(SECRET), alice().build())))
                .isEqualTo(INVALID);
        assertThat(verifier.verify(sign(JWSAlgorithm.RS256, "p", new RSASSASigner(RSA), alice().build())))
                .isEqualTo(INVALID);
    }

    @Test
    void triesAFewKeysOfItsTypeForATokenThatNamesNone() throws JOSEException {
        assertAlice(verifier.verify(sign(JWSAlgorithm.RS256, null, new RSASSASigner(PINNED), alice().build())));
    }

    @Test
    void refusesAStrangersKeyAndGarbage() throws JOSEException {
        var stranger = new OctetSequenceKeyGenerator(256).keyID("h").generate();

        assertThat(verifier.verify(sign(JWSAlgorithm.HS256, "h", new MACSigner(stranger), alice().build())))
                .isEqualTo(INVALID);
        assertThat(verifier.verify(signed(alice().build()) + "x")).isEqualTo(INVALID);
        assertThat(verifier.verify(signed(alice().claim("pad", "p".repeat(8192)).build())))
                .isEqualTo(INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a.b.c",
                "....",
                "\u0000",
                "é.é.é",
                "eyJhbGciOiJIUzI1NiJ9..",
                "eyJhbGciOiJIUzI1NiJ9.bm90IGpzb24.AAAA",
                "eyJhbGciOiJIUzI1NiJ9.W10.AAAA",
                "eyJhbGciOm51bGx9.e30.AAAA",
                "e30.e30.AAAA",
                "bnVsbA.bnVsbA.bnVsbA"
            })
    void refusesGarbage(String token) {
        assertThat(verifier.verify(token)).isEqualTo(INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void refusesWhatIsNestedVeryDeep(String opening) {
        var deep = Base64.getUrlEncoder()
                .encodeToString(opening.repeat(5_900 / opening.length()).getBytes(US_ASCII));

        assertThat(onASmallStack(deep + ".e30.AAAA")).isEqualTo(INVALID);
        assertThat(onASmallStack("eyJhbGciOiJIUzI1NiJ9." + deep + ".AAAA")).isEqualTo(INVALID);
    }

    private TokenVerdict onASmallStack(String token) {
        var verdict = new CompletableFuture<TokenVerdict>();
        Thread.ofPlatform().stackSize(262_144).start(() -> verdict.complete(verifier.verify(token)));
        return verdict.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Property(tries = 500)
    void acceptsNoTokenThatWasChangedInOneCharacter(@ForAll @IntRange(max = 10_000) int at, @ForAll char instead)
            throws JOSEException {
        var token = signed(alice().build());
        var place = at % token.length();
        var changed = token.substring(0, place) + instead + token.substring(place + 1);

        var verdict = verifier.verify(changed);

        assertThat(verdict.equals(INVALID) || changed.equals(token)).isTrue();
    }

    /** One token would be as many as its bearer likes, each to be checked and remembered. */
    @Test
    void takesATokenInOneSpellingOnly() throws JOSEException {
        var token = sign(JWSAlgorithm.RS256, "r", new RSASSASigner(RSA), alice().build());
        assertAlice(verifier.verify(token));
        for (var end : List.of("=", "==", "!", "%%%", "~*", "é", " ", "A")) {
            assertThat(verifier.verify(token + end)).as(end).isEqualTo(INVALID);
        }
        assertThat(verifier.verify(token.replaceFirst("(.{10})\\z", "!$1"))).isEqualTo(INVALID);
        // Of the last character of 256 bytes two bits are part of the signature.
        assertThat(verifier.verify(
                        token.substring(0, token.length() - 1) + (char) (token.charAt(token.length() - 1) + 1)))
                .isEqualTo(INVALID);
    }

    /** Or all users would be strangers for as long as it takes to check their tokens again. */
    @Test
    void knowsATokenStillWhenTheKeysThatMayHaveVouchedForItStay() throws JOSEException {
        var named = signed(alice().build());
        var nameless = sign(JWSAlgorithm.HS256, null, new MACSigner(SECRET), alice().build());
        assertAlice(verifier.verify(named));
        assertAlice(verifier.verify(nameless));
        var next = new OctetSequenceKeyGenerator(256).keyID("n").generate();
        var rsa = RSA.toPublicJWK();
        var pinned = PINNED.toPublicJWK();
        var ec = EC.toPublicJWK();

        var withAnother = withoutTimeForNewTokens(SECRET, rsa, pinned, ec, next);
        withAnother.takeOver(verifier);
        assertAlice(withAnother.verify(named));
        assertAlice(withAnother.verify(nameless));

        var withOneLess = withoutTimeForNewTokens(SECRET, next);
        withOneLess.takeOver(verifier);
        assertAlice(withOneLess.verify(named));
        assertThat(withOneLess.verify(nameless)).isEqualTo(UNCHECKED);

        var withoutIts = withoutTimeForNewTokens(next, rsa, pinned, ec);
        withoutIts.takeOver(verifier);
        assertThat(withoutIts.verify(named)).isEqualTo(UNCHECKED);
        assertThat(withoutIts.verify(nameless)).isEqualTo(UNCHECKED);
    }

    private static TokenVerifier withoutTimeForNewTokens(JWK... keys) {
        return new TokenVerifier(
                TokenFixture.keys(new JWKSet(List.of(keys))), JWKS, WANTED, () -> NOW, TokenFixture.usedUp());
    }

    @Test
    void takesANumberForItsUserOnlyWhenItHasAllOfItsDigits() throws JOSEException {
        assertThat(verifier.verify(withPayload("{\"sub\":9223372036854775807}")).user())
                .contains("9223372036854775807");
        assertThat(verifier.verify(withPayload("{\"sub\":12345678901234567890123}")))
                .isEqualTo(INVALID);
        assertThat(verifier.verify(withPayload("{\"sub\":1.5}"))).isEqualTo(INVALID);
    }

    @Test
    void takesATokenThatEndsInATimeBeyondReckoningForOneThatLasts() throws JOSEException {
        assertThat(verifier.verify(withPayload("{\"sub\":\"alice\",\"exp\":9223372036854775807}"))
                        .user())
                .contains("alice");
        assertThat(verifier.verify(withPayload("{\"sub\":\"alice\",\"exp\":-9223372036854775808}")))
                .isEqualTo(EXPIRED);
    }

    private static String withPayload(String payload) throws JOSEException {
        var token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("h").build(), new Payload(payload));
        token.sign(new MACSigner(SECRET));
        return token.serialize();
    }

    @Test
    void demandsTheAudienceAndTheIssuerThatTheRulesName() throws JOSEException {
        var strict = verifier(new JwtRules(JWKS.keys(), "sub", Optional.of("api"), Optional.of("https://id.example")));
        var right = alice().audience(List.of("web", "api")).issuer("https://id.example");

        assertThat(strict.verify(signed(right.build())).user()).contains("alice");
        assertThat(strict.verify(signed(right.audience("web").build()))).isEqualTo(INVALID);
        assertThat(strict.verify(signed(right.audience(List.of()).build()))).isEqualTo(INVALID);
        assertThat(strict.verify(signed(
                        right.audience("api").issuer("https://id.example/").build())))
                .isEqualTo(INVALID);
        assertThat(strict.verify(signed(alice().audience("api").build()))).isEqualTo(INVALID);
    }

    @Test
    void allowsClocksToDifferByThirtySeconds() throws JOSEException {
        var token = signed(alice().notBeforeTime(Date.from(NOW)).build());

        now = NOW.minusSeconds(31);
        assertThat(verifier.verify(token)).isEqualTo(INVALID);
        now = NOW.minusSeconds(30);
        assertThat(verifier.verify(token).user()).contains("alice");
        now = NOW.plusSeconds(90);
        assertThat(verifier.verify(token).user()).contains("alice");
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
    void tellsTheClaimsThatAreTextsNumbersTruthsAndListsOfThem() throws JOSEException {
        var claims = verifier.verify(signed(alice().claim("plan", "gold")
                        .claim("level", 3)
                        .claim("staff", true)
                        .claim("roles", List.of("reader", "writer"))
                        .claim("address", Map.of("city", "Berlin"))
                        .claim("essay", "e".repeat(129))
                        .claim("unwanted", "gold")
                        .build()))
                .claims();

        assertThat(claims.values()).containsOnlyKeys("sub", "plan", "level", "staff", "roles");
        assertThat(claims.has("plan", "gold")).isTrue();
        assertThat(claims.has("plan", "silver")).isFalse();
        assertThat(claims.has("level", "3")).isTrue();
        assertThat(claims.has("staff", "true")).isTrue();
        assertThat(claims.has("roles", "writer")).isTrue();
        assertThat(claims.has("nothing", "gold")).isFalse();
    }

    @Test
    void takesTheOneHmacKeyWhateverKeyNameATokenHas() throws JOSEException {
        var secret = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
        var hmac = hmacVerifier("0123456789abcdef0123456789abcdef\r\n".getBytes(US_ASCII));

        assertAlice(hmac.verify(TokenFixture.hs256(secret, alice().build())));
        assertAlice(hmac.verify(sign(JWSAlgorithm.HS256, "any", new MACSigner(secret), alice().build())));
        assertThat(hmac.verify(sign(JWSAlgorithm.RS256, "r", new RSASSASigner(RSA), alice().build())))
                .isEqualTo(INVALID);
        assertThat(hmac.verify(new PlainJWT(alice().build()).serialize())).isEqualTo(INVALID);
    }
}
