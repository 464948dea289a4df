package sluice.limiter.limit;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import sluice.limiter.config.Enforcement;
import sluice.limiter.config.Limiter;
import sluice.limiter.config.LimiterBackend;
import sluice.limiter.identity.Caller;
import sluice.limiter.identity.CallerIdentifier;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.LimitReport;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;

/** One arm's limiter at work: its identity, its firewall's verdict, its limits, its buckets. */
public final class ArmLimiter {

    /** What an arm says of a request. */
    record Said(Backend backend, Outcome outcome, boolean shadowed, Optional<String> wafRule) {}

    private final Limiter limiter;
    private final CallerIdentifier identifier;
    private final Optional<TokenBucket> buckets;
    private final Standing standing;

    private ArmLimiter(Limiter limiter, CallerIdentifier identifier, Optional<TokenBucket> buckets) {
        this.limiter = limiter;
        this.identifier = identifier;
        this.buckets = buckets;
        this.standing = new Standing(limiter.legacyHeaders());
    }

    /** A limiter that lets everything pass; its callers are told apart by the arm's rules. */
    public static ArmLimiter off(Limiter limiter, CallerIdentifier armIdentifier) {
        return new ArmLimiter(limiter, armIdentifier, Optional.empty());
    }

    /** A limiter that keeps its buckets in {@code buckets}. */
    public static ArmLimiter of(Limiter limiter, CallerIdentifier identifier, TokenBucket buckets) {
        return limiter.backend() == LimiterBackend.OFF
                ? off(limiter, identifier)
                : new ArmLimiter(limiter, identifier, Optional.of(buckets));
    }

    CallerIdentifier identifier() {
        return identifier;
    }

    String revision() {
        return limiter.revision();
    }

    void judge(RequestHead head, Caller caller, CallerKey key, Consumer<Said> then) {
        if (buckets.isEmpty()) {
            then.accept(new Said(Backend.OFF, new Outcome.Allow(LimitReport.NONE), false, Optional.empty()));
            return;
        }
        var verdict = WafVerdict.of(limiter.waf(), head, caller.trustedPeer());
        if (verdict.blocked()) {
            then.accept(new Said(buckets.get().backend(), new Outcome.Block(), false, verdict.rule()));
            return;
        }
        take(demands(head, caller), key, buckets.get(), verdict.rule(), then);
    }

    private List<Demand> demands(RequestHead head, Caller caller) {
        return limiter.exemptPaths().contains(head.path()) ? List.of() : Demands.of(limiter.limits(), head, caller);
    }

    private void take(
            List<Demand> demands, CallerKey caller, TokenBucket buckets, Optional<String> rule, Consumer<Said> then) {
        for (var demand : demands) {
            if (demand.size().tokens() == 0) {
                then.accept(enforced(buckets.backend(), standing.denied(demand), rule));
                return;
            }
        }
        if (demands.isEmpty()) {
            then.accept(enforced(buckets.backend(), new Outcome.Allow(LimitReport.NONE), rule));
        } else {
            buckets.take(
                    caller,
                    demands,
                    taken -> then.accept(enforced(taken.backend(), standing.of(demands, taken), rule)));
        }
    }

    private Said enforced(Backend backend, Outcome outcome, Optional<String> rule) {
        if (limiter.enforcement() == Enforcement.SHADOW && outcome instanceof Outcome.Throttle throttle) {
            return new Said(backend, new Outcome.Allow(throttle.limits()), true, rule);
        }
        return new Said(backend, outcome, false, rule);
    }
}
