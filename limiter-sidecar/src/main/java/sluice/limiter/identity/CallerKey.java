package sluice.limiter.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A caller, hashed: what keys and logs carry in place of a name or an address.
 *
 * @param identity {@code user:<user>} or {@code ip:<address>}
 * @param hash 32 hex digits of the SHA-256 of the rollout's uid, a line feed and the identity
 */
public record CallerKey(String identity, String hash) {

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(CallerKey::algorithm);
    private static final int HASHED_BYTES = 16;
    private static final int LOGGED_DIGITS = 16;

    public static CallerKey of(String rolloutUid, String identity) {
        var digest = sha256(rolloutUid + "\n" + identity);
        return new CallerKey(identity, HexFormat.of().formatHex(digest, 0, HASHED_BYTES));
    }

    /** The form for logs: {@code user:<16 hex>} or {@code ip:<16 hex>}. */
    public String logged() {
        return identity.substring(0, identity.indexOf(':') + 1) + hash.substring(0, LOGGED_DIGITS);
    }

    static byte[] sha256(String text) {
        return SHA_256.get().digest(text.getBytes(UTF_8));
    }

    private static MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
