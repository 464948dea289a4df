package sluice.operator.reconcile;

import sluice.operator.Sha256;

/** Names that come from what they are about, so that the same thing has the same one. */
final class ShortHash {

    private static final int DIGITS = 16;

    private ShortHash() {}

    /** The first 16 hex digits of the parts' SHA-256. */
    static String of(String... parts) {
        return Sha256.of(String.join("\n", parts)).substring(0, DIGITS);
    }
}
