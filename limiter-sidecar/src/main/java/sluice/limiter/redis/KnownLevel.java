package sluice.limiter.redis;

import sluice.limiter.config.BucketSize;

/**
 * What Redis once said of a bucket. It can have less by now, for other pods take from it too, but never more.
 *
 * @param size the bucket's size at that time
 * @param askedAt before Redis looked, in nanoseconds
 * @param connection which connection it was asked on
 * @param configuration which configuration it was asked by
 */
record KnownLevel(BucketSize size, long resetMicros, long askedAt, int connection, int configuration) {

    /** Microseconds until it is full, if nobody takes anything; none, or less, when it may be full. */
    long untilFull(long now) {
        // Rounded down: by a clock of whole microseconds Redis may be one ahead.
        return resetMicros - Math.ceilDiv(now - askedAt, 1000L);
    }

    /** Microseconds until it can have so many tokens; none, or less, when it may have them now. */
    long untilHas(long tokens, long now) {
        return untilFull(now) - (size.burst() - tokens) * size.periodMicros() / size.tokens();
    }

    /**
     * The most token-microseconds that it can have as a bucket of another size, which keeps the tokens that were saved. It may be of that
     * size since Redis was asked.
     */
    long most(BucketSize current, long now) {
        if (!current.isFasterThan(size)) {
            return converted(most(now), current);
        }
        var waited = Math.ceilDiv(now - askedAt, 1000L);
        var full = current.burst() * current.periodMicros();
        var level = converted(most(askedAt), current);
        return waited >= (full - level) / current.tokens() ? full : level + waited * current.tokens();
    }

    private long converted(long level, BucketSize current) {
        if (current.periodMicros() == size.periodMicros()) {
            return Math.min(level, current.burst() * current.periodMicros());
        }
        var tokens = Math.min((double) current.burst(), (double) level / size.periodMicros());
        return (long) Math.ceil(tokens * current.periodMicros());
    }

    private long most(long now) {
        var full = size.burst() * size.periodMicros();
        var untilFull = untilFull(now);
        if (untilFull <= 0) {
            return full;
        }
        return untilFull > full / size.tokens() ? 0 : full - untilFull * size.tokens();
    }
}
