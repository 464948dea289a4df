package sluice.limiter.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.Limit;
import sluice.limiter.config.RequestCost;
import sluice.limiter.config.Tier;
import sluice.limiter.identity.Caller;
import sluice.limiter.judge.RequestHead;

/** What a request wants of the limits: of each that matches, unless it is free there or its caller is not limited. */
final class Demands {

    private Demands() {}

    static List<Demand> of(List<Limit> limits, RequestHead head, Caller caller) {
        var demands = new ArrayList<Demand>(limits.size());
        for (var limit : limits) {
            if (LimitMatching.matches(limit.match(), head)) {
                var cost = cost(limit, head);
                var size = size(limit, head, caller);
                if (cost > 0 && size.isPresent()) {
                    demands.add(new Demand(limit.name(), size.get(), cost));
                }
            }
        }
        return demands;
    }

    // Of two readings of a path the dearer: what a limit costs less for must be earned by the spelling that was written
    // down.
    private static long cost(Limit limit, RequestHead head) {
        var path = head.path();
        var written = cost(limit, head, path);
        return LimitMatching.hasParameters(path)
                ? Math.max(written, cost(limit, head, LimitMatching.withoutParameters(path)))
                : written;
    }

    private static long cost(Limit limit, RequestHead head, String path) {
        for (RequestCost cost : limit.costs()) {
            if (LimitMatching.matches(cost.match(), head, path)) {
                return cost.tokens();
            }
        }
        return limit.cost();
    }

    private static Optional<BucketSize> size(Limit limit, RequestHead head, Caller caller) {
        for (Tier tier : limit.tiers()) {
            if (isIn(tier.mark(), head, caller)) {
                return tier.size();
            }
        }
        return limit.size();
    }

    // Two values of a header: a proxy may have added its own to what the client sent, and which is whose cannot be
    // told.
    private static boolean isIn(Tier.Mark mark, RequestHead head, Caller caller) {
        return switch (mark) {
            case Tier.Mark.Claim claim -> caller.claims().has(claim.name(), claim.value());
            case Tier.Mark.Header header ->
                caller.trustedPeer() && head.headers().getAll(header.name()).equals(List.of(header.value()));
        };
    }
}
