package sluice.limiter.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.TokenKeySource;

/**
 * The keys that a token's signature is tried with: those whose type, use, {@code alg} and {@code kid} fit the token's header (RFC 7517,
 * section 4), so that a public RSA key is never an HMAC secret.
 *
 * @param count how many there are in all
 */
record SigningKeys(JWSKeySelector<SecurityContext> fitting, int count) implements JWSKeySelector<SecurityContext> {

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
            case TokenKeySource.Jwks _ -> jwks(new String(content, StandardCharsets.UTF_8));
            case TokenKeySource.Hmac _ -> hmac(withoutLineEnd(content));
        };
    }

    private static SigningKeys jwks(String text) {
        try {
            var keys = JWKSet.parse(text);
            return new SigningKeys(
                    new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)), keys.size());
        } catch (ParseException | RuntimeException e) {
            // Not the cause: its message may quote a key.
            throw new IllegalArgumentException("must be a JSON Web Key Set (RFC 7517)");
        }
    }

    /** The tokens' {@code kid} means nothing where there is one key. */
    private static SigningKeys hmac(byte[] secret) {
        if (secret.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "must have at least " + SHORTEST_SECRET + " bytes, has " + secret.length);
        }
        var key = List.of(new SecretKeySpec(secret, "HMAC"));
        return new SigningKeys((header, _) -> HMAC.contains(header.getAlgorithm()) ? key : List.of(), 1);
    }

    /** Editors and {@code kubectl create secret --from-file} leave one that is not part of the key. */
    private static byte[] withoutLineEnd(byte[] content) {
        var length = content.length;
        if (length > 0 && content[length - 1] == '\n') {
            length--;
        }
        if (length > 0 && content[length - 1] == '\r') {
            length--;
        }
        return Arrays.copyOf(content, length);
    }

    @Override
    public List<? extends Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context)
            throws KeySourceException {
        var keys = fitting.selectJWSKeys(header, context);
        return keys.size() <= MOST_TRIED ? keys : keys.subList(0, MOST_TRIED);
    }
}
