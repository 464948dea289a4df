package sluice.limiter.redis;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

/**
 * What a sidecar decides about buckets in Redis without asking: it gives what it has leased, and rejects what cannot be there yet by what
 * Redis last said. Of one configuration: the next one starts with neither.
 */
final class LocalDecisions {

    private final FallbackBuckets fallback;
    private final int configuration;
    private final int replicas;
    private final LongSupplier nanoTime;
    private final HotCallers hotCallers = new HotCallers();

    LocalDecisions(FallbackBuckets fallback, int configuration, int replicas, LongSupplier nanoTime) {
        this.fallback = fallback;
        this.configuration = configuration;
        this.replicas = replicas;
        this.nanoTime = nanoTime;
    }

    /** Counts a request of this caller; what it has leased, when it is one that comes often. */
    Optional<CallerLeases> leases(CallerKey caller) {
        return hotCallers.count(caller, nanoTime.getAsLong());
    }

    /** Decides if that is possible without asking. */
    Optional<Taken> decide(CallerKey caller, List<Demand> demands, Optional<CallerLeases> leases) {
        return leases.flatMap(held -> held.take(demands, nanoTime.getAsLong()))
                .or(() -> fallback.lastKnown().rejection(caller, demands, configuration));
    }

    /** A question for {@link #arguments} to put into words; {@link #answered} or {@link #unanswered} is to follow. */
    Inquiry inquire(CallerKey caller, List<Demand> demands, Optional<CallerLeases> leases, int connection) {
        return new Inquiry(caller, demands, nanoTime.getAsLong(), connection, leases.filter(held -> held.ask(demands)));
    }

    /** What the script is told. */
    String[] arguments(String micros, Inquiry inquiry) {
        var demands = inquiry.demands();
        var known = fallback.known(inquiry.caller(), demands, replicas, inquiry.connection());
        var returned = inquiry.leases()
                .map(held -> held.end(demands, inquiry.askedAt(), inquiry.connection()))
                .orElse(TakeScript.NO_LEASE);
        return TakeScript.arguments(micros, demands, known, returned);
    }

    /** Redis has decided, and this is its decision. */
    void answered(Inquiry inquiry, TakeScript.Reply reply) {
        fallback.settle(inquiry, reply.taken(), configuration);
        leased(inquiry, reply);
    }

    /** Redis has decided, though too late for the request: what it has leased is there all the same. */
    void leased(Inquiry inquiry, TakeScript.Reply reply) {
        inquiry.leases().ifPresent(held -> held.granted(inquiry, reply, nanoTime.getAsLong()));
    }

    /** No answer will come. */
    void unanswered(Inquiry inquiry) {
        inquiry.leases().ifPresent(CallerLeases::lost);
    }
}
