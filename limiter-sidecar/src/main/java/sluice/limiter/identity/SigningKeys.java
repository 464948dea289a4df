package sluice.limiter.identity;

import static java.util.stream.Collectors.joining;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.TokenKeySource;

/**
 * The keys that a token's signature is tried with: those whose type, use, {@code alg} and {@code kid} fit the token's header (RFC 7517,
 * section 4), so that a public RSA key is never an HMAC secret.
 *
 * @param named those of a set, each of which a token may name by its {@code kid}
 * @param count how many there are in all
 */
record SigningKeys(JWSKeySelector<SecurityContext> fitting, List<JWK> named, int count)
        implements JWSKeySelector<SecurityContext> {

    private static final Set<JWSAlgorithm> HMAC = Set.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512);

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

    /** RFC 7518, section 3.2: a key is as long as the hash, or it can be guessed from any token. */
    private static final int SHORTEST_SECRET = 32;

    /** A token without a {@code kid} fits every key of its type; a forged one must not cost a signature check for each. */
    private static final int MOST_TRIED = 4;

    /**
     * Reads the file's content.
     *
     * @throws IllegalArgumentException saying what it must be, and nothing of what it is
     */
    static SigningKeys read(TokenKeySource source, byte[] content) {
        return switch (source) {
            case TokenKeySource.Jwks _ -> jwks(parsed(new String(content, StandardCharsets.UTF_8)));
            case TokenKeySource.Hmac _ -> hmac(withoutLineEnd(content));
        };
    }

    private static List<JWK> parsed(String text) {
        try {
            return JWKSet.parse(text).getKeys();
        } catch (ParseException | RuntimeException e) {
            // Not the cause: its message may quote a key.
            throw new IllegalArgumentException("must be a JSON Web Key Set (RFC 7517)");
        }
    }

    private static SigningKeys jwks(List<JWK> all) {
        var usable = all.stream().filter(SigningKeys::isUsable).toList();
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("must have a key for signatures by one of "
                    + ALGORITHMS.stream().map(JWSAlgorithm::getName).sorted().collect(joining(", ")) + "; none of its "
                    + all.size() + " is");
        }
        return of(usable);
    }

    private static SigningKeys of(List<JWK> keys) {
        var selector = new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(new JWKSet(keys)));
        return new SigningKeys(selector, keys, keys.size());
    }

    private static boolean isUsable(JWK key) {
        return ALGORITHMS.stream().anyMatch(algorithm -> isLongEnough(key.size(), algorithm) && fits(key, algorithm));
    }

    private static boolean fits(JWK key, JWSAlgorithm algorithm) {
        var header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
        return JWKMatcher.forJWSHeader(header).matches(key);
    }

    /** True when each key that may have vouched, in {@code before}, for a token with this {@code kid} is here, too. */
    boolean haveAllOf(SigningKeys before, Optional<String> kid) {
        var vouching = before.named.stream()
                .filter(key -> kid.isEmpty() || kid.get().equals(key.getKeyID()))
                .toList();
        return !vouching.isEmpty() && named.containsAll(vouching);
    }

    /** The tokens' {@code kid} means nothing where there is one key. */
    private static SigningKeys hmac(byte[] secret) {
        if (secret.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "must have at least " + SHORTEST_SECRET + " bytes, has " + secret.length);
        }
        var key = List.of(new SecretKeySpec(secret, "HMAC"));
        return new SigningKeys((header, _) -> HMAC.contains(header.getAlgorithm()) ? key : List.of(), List.of(), 1);
    }

    /** Editors and {@code kubectl create secret --from-file} leave one that is not part of the key, unless that is no text. */
    private static byte[] withoutLineEnd(byte[] content) {
        var text = new String(content, StandardCharsets.ISO_8859_1);
        var line = text.replaceFirst("\\r?\\n\\z", "");
        return line.chars().allMatch(letter -> letter >= ' ' && letter <= '~')
                ? line.getBytes(StandardCharsets.ISO_8859_1)
                : content;
    }

    @Override
    public List<? extends Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context)
            throws KeySourceException {
        return fitting.selectJWSKeys(header, context).stream()
                .filter(key -> isLongEnough(key.getEncoded().length * Byte.SIZE, header.getAlgorithm()))
                .limit(MOST_TRIED)
                .toList();
    }

    /** Nimbus makes an error of a shared key that is too short, and tries no other. */
    private static boolean isLongEnough(int bits, JWSAlgorithm algorithm) {
        return !HMAC.contains(algorithm)
                || MACSigner.getCompatibleAlgorithms(bits).contains(algorithm);
    }
}
