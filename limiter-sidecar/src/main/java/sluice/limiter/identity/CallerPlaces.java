package sluice.limiter.identity;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Spreads callers over a fixed number of places, by a secret of this process: nobody can aim at another caller's place. Of any two hashes
 * at most two in as many secrets as there are places bring both to one place.
 *
 * @see <a href="https://doi.org/10.1006/jagm.1997.0873">Dietzfelbinger et al., A Reliable Randomized Algorithm for the Closest-Pair
 *     Problem: multiply-shift hashing</a>
 */
public final class CallerPlaces {

    private static final int HASHED_DIGITS = Long.SIZE / 4;

    // Odd, so that no bit of a hash is lost.
    private final long secret = ThreadLocalRandom.current().nextLong() | 1;
    private final int bits;

    /** With {@code 2^bits} places. */
    public CallerPlaces(int bits) {
        this.bits = bits;
    }

    public int count() {
        return 1 << bits;
    }

    /** From 0 to {@code count() - 1}; {@code hash} is that of a {@link CallerKey}. */
    public int of(String hash) {
        return (int) ((Long.parseUnsignedLong(hash, 0, HASHED_DIGITS, 16) * secret) >>> (Long.SIZE - bits));
    }
}
