package sluice.operator.simulation;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What goes wrong in one run: a few kinds of faults that the seed chooses, for a bounded time, each at random. */
final class Faults {

    enum Kind {
        KILL,
        PAUSE,
        SLOW,
        WRITE,
        STALE,
        CUT_API,
        CUT_STREAM,
        LATE_LINE,
        ACK,
        NO_DATA,
        EVICT,
        EDIT,
        SKEW
    }

    private static final int SHORTEST = 20_000;
    private static final int LONGEST = 200_000;
    private static final int LATEST_BEGIN = 120_000;

    private final Timeline time;
    private final RandomGenerator random;
    private final Set<Kind> kinds;
    private final long from;
    private final long until;

    private Faults(Timeline time, RandomGenerator random, Set<Kind> kinds, long from, long until) {
        this.time = time;
        this.random = random;
        this.kinds = kinds;
        this.from = from;
        this.until = until;
    }

    static Faults none(Timeline time, RandomGenerator random) {
        return new Faults(time, random, EnumSet.noneOf(Kind.class), 0, 0);
    }

    static Faults chosenBy(RandomGenerator random, Timeline time) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        int share = 1 + random.nextInt(4);
        Arrays.stream(Kind.values()).filter(kind -> random.nextInt(4) < share).forEach(kinds::add);
        long from = random.nextInt(LATEST_BEGIN);
        return new Faults(time, random, kinds, from, from + random.nextInt(SHORTEST, LONGEST));
    }

    /** Whether one of this kind happens here: one time in {@code oneIn}. */
    boolean strike(Kind kind, int oneIn) {
        return hasBegun() && !areOver() && kinds.contains(kind) && random.nextInt(oneIn) == 0;
    }

    boolean has(Kind kind) {
        return kinds.contains(kind);
    }

    private boolean hasBegun() {
        return time.now() >= from;
    }

    boolean areOver() {
        return time.now() >= until;
    }

    /** A time within the faults' time, in milliseconds from now. */
    long sometime() {
        return from + (long) (random.nextDouble() * (until - from)) - time.now();
    }

    /** A time in milliseconds; the shortest where nothing goes wrong. */
    long millis(long shortest, long longest) {
        return kinds.isEmpty() ? shortest : random.nextLong(shortest, longest + 1);
    }

    boolean heads() {
        return !kinds.isEmpty() && random.nextBoolean();
    }

    @Override
    public String toString() {
        return "%s from %.1f s to %.1f s".formatted(kinds, from / 1000.0, until / 1000.0);
    }
}
