package sluice.limiter.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

/** The leases of one caller, at most one of each bucket: a request is decided by them only when every bucket that it needs is leased. */
final class CallerLeases {

    /** The script leases a bucket's burst divided by this, and no more. */
    static final int PARTS = 20;

    private final Map<String, Lease> byLimit = new HashMap<>();
    private boolean asked;

    /** Gives what is demanded, when all of it is leased. */
    Optional<Taken> take(List<Demand> demands, long now) {
        var covering = new ArrayList<Lease>(demands.size());
        for (var demand : demands) {
            var lease = byLimit.get(demand.limit());
            if (lease == null || !lease.covers(demand, now)) {
                return Optional.empty();
            }
            covering.add(lease);
        }
        var levels = new ArrayList<BucketLevel>(demands.size());
        for (var index = 0; index < covering.size(); index++) {
            levels.add(covering.get(index).give(demands.get(index).cost(), now));
        }
        return Optional.of(new Taken(Backend.REDIS, true, List.copyOf(levels)));
    }

    /** True when leases of these may be asked for; then {@link #granted} or {@link #lost} is to follow. */
    boolean ask(List<Demand> demands) {
        var asks = !asked && demands.stream().allMatch(CallerLeases::isWorthIt);
        asked |= asks;
        return asks;
    }

    private static boolean isWorthIt(Demand demand) {
        return demand.size().burst() / PARTS >= demand.cost();
    }

    /** Ends the leases of these buckets; per demand, the tokens that Redis is to have back. */
    long[] end(List<Demand> demands, long now, int connection) {
        var returned = new long[demands.size()];
        for (var index = 0; index < returned.length; index++) {
            var lease = byLimit.remove(demands.get(index).limit());
            returned[index] = lease == null ? 0 : lease.returned(now, connection);
        }
        return returned;
    }

    /** Redis has leased each demand's cost {@code times}. */
    void granted(Inquiry inquiry, TakeScript.Reply reply, long now) {
        asked = false;
        if (reply.leased() == 0) {
            return;
        }
        for (var index = 0; index < inquiry.demands().size(); index++) {
            var demand = inquiry.demands().get(index);
            var left = reply.taken().levels().get(index);
            byLimit.put(demand.limit(), new Lease(demand, reply.leased(), left, inquiry, now));
        }
    }

    /** Nobody knows whether Redis has leased anything: nobody gets it. */
    void lost() {
        asked = false;
    }
}
