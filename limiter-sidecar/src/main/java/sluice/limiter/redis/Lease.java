package sluice.limiter.redis;

import java.time.Duration;
import sluice.limiter.config.BucketSize;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;

/**
 * Tokens that Redis has taken out of one bucket for this sidecar to give. Those that were not there yet become ready as the bucket would
 * have got them, so that none is given before its time.
 */
final class Lease {

    /** How long tokens are given; the script knows it as {@code LEASE}. */
    static final Duration LIFE = Duration.ofMillis(200);

    /** How long Redis will take back what was not given: to the next requests of a caller who asks often. */
    static final Duration RETURN = Duration.ofMillis(250);

    private final BucketSize size;
    private final long tokens;
    private final long resetMicros;
    private final long askedAt;
    private final long answeredAt;
    private final int connection;
    private final long there;
    private final long ripeMicros;
    private long given;

    /**
     * The cost of {@code demand}, so many times.
     *
     * @param left the bucket as Redis left it, which is as it was less the lease
     * @param inquiry what asked for it: the lease began later, so that it ends early rather than late
     * @param answeredAt when Redis had answered: tokens are ready late rather than early
     */
    Lease(Demand demand, long times, BucketLevel left, Inquiry inquiry, long answeredAt) {
        this.size = demand.size();
        this.tokens = times * demand.cost();
        this.resetMicros = left.resetMicros();
        this.askedAt = inquiry.askedAt();
        this.answeredAt = answeredAt;
        this.connection = inquiry.connection();
        var leased = tokens * size.periodMicros();
        // Redis rounds the time until full down, and so the level up.
        this.there = size.burst() * size.periodMicros() - (left.resetMicros() + 1) * size.tokens() + leased;
        this.ripeMicros = Math.ceilDiv(Math.max(0, leased - there), size.tokens());
    }

    /** True when it can give what is demanded. */
    boolean covers(Demand demand, long now) {
        return demand.size().equals(size) && ready(now) >= demand.cost();
    }

    BucketLevel give(long cost, long now) {
        given += cost;
        // Of what is in Redis, others may have had their share by now: only what is here is sure.
        return new BucketLevel(ready(now), Math.max(0, resetMicros - (now - askedAt) / 1000), 0);
    }

    private long ready(long now) {
        if (now - askedAt >= LIFE.toNanos()) {
            return 0;
        }
        var micros = (now - answeredAt) / 1000;
        var ripe = micros >= ripeMicros ? tokens : Math.floorDiv(there + micros * size.tokens(), size.periodMicros());
        return Math.max(0, ripe - given);
    }

    /** What Redis may have back: nothing when it is late, or when another Redis would get it. */
    long returned(long now, int currentConnection) {
        return connection == currentConnection && now - askedAt < RETURN.toNanos() ? tokens - given : 0;
    }
}
