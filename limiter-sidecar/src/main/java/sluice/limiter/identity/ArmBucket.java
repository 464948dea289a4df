package sluice.limiter.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Where a caller stands in a canary: the same place in every pod and at every weight. */
public final class ArmBucket {

    private static final int BUCKETS = 10_000;

    private ArmBucket() {}

    /** The caller's place in percent, from 0 up to but not 100, in steps of 0.01. */
    public static double of(String rolloutUid, String identity) {
        return hundredths(rolloutUid, identity) / 100.0;
    }

    /** True when the caller is among the first {@code weight} percent. */
    public static boolean isWithin(String rolloutUid, String identity, int weight) {
        return weight > 0 && hundredths(rolloutUid, identity) < weight * 100;
    }

    private static int hundredths(String rolloutUid, String identity) {
        return Math.floorMod(Murmur3.hash32((rolloutUid + "\n" + identity).getBytes(UTF_8)), BUCKETS);
    }
}
