package sluice.limiter.redis;

import java.util.List;
import java.util.Optional;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.limit.Demand;

/**
 * One question to Redis.
 *
 * @param askedAt on the monotonic clock, in nanoseconds
 * @param connection which connection it is asked on, counted from the first
 * @param leases where leases go to, when any are asked for
 */
record Inquiry(CallerKey caller, List<Demand> demands, long askedAt, int connection, Optional<CallerLeases> leases) {

    Inquiry on(int other) {
        return other == connection ? this : new Inquiry(caller, demands, askedAt, other, leases);
    }
}
