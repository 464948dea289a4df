package sluice.operator.reconcile;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names that come from what they are about, so that the same thing has the same one. */
final class ShortHash {

    private static final int DIGITS = 16;

    private ShortHash() {}

    /** The first 16 hex digits of the parts' SHA-256. */
    static String of(String... parts) {
        return sha256(String.join("\n", parts)).substring(0, DIGITS);
    }

    /** All 64. */
    static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
