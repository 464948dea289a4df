package sluice.limiter.limit;

import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.identity.ArmBucket;
import sluice.limiter.identity.Caller;
import sluice.limiter.identity.CallerIdentifier;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.RequestJudge;
import sluice.limiter.judge.TokenCheck;

/** Judges by one configuration: chooses the caller's arm, and asks that arm's limiter. */
public final class ConfiguredJudge implements RequestJudge {

    private final LimiterConfig config;
    private final CallerIdentifier armIdentifier;
    private final ArmLimiter stable;
    private final Optional<ArmLimiter> candidate;
    private final BooleanSupplier leaseHeld;

    /** Lets callers into the candidate arm only while {@code leaseHeld}. */
    public ConfiguredJudge(
            LimiterConfig config,
            CallerIdentifier armIdentifier,
            ArmLimiter stable,
            Optional<ArmLimiter> candidate,
            BooleanSupplier leaseHeld) {
        this.config = config;
        this.armIdentifier = armIdentifier;
        this.stable = stable;
        this.candidate = candidate;
        this.leaseHeld = leaseHeld;
    }

    @Override
    public void judge(RequestHead head, EventLoop loop, Consumer<Judgement> then) {
        var armCaller = armIdentifier.identify(head);
        var arm = arm(armCaller);
        var limiter = arm == Arm.CANDIDATE ? candidate.orElse(stable) : stable;
        var caller = limiter.identifier().equals(armIdentifier)
                ? armCaller
                : limiter.identifier().identify(head);
        var key = CallerKey.of(config.rollout().uid(), caller.identity());
        Consumer<ArmLimiter.Said> judged = said -> then.accept(new Judgement(
                arm,
                limiter.revision(),
                config.epoch(),
                key.logged(),
                said.backend(),
                said.outcome(),
                said.shadowed(),
                said.wafRule(),
                tokenCheck(limiter, caller, armCaller)));
        closed(head).ifPresentOrElse(judged, () -> limiter.judge(head, caller, key, judged));
    }

    private Optional<ArmLimiter.Said> closed(RequestHead head) {
        return config.maintenance()
                .filter(_ -> !config.exempts(head.path()))
                .map(it -> new ArmLimiter.Said(
                        Backend.OFF, new Outcome.Maintain(it.retryAfter()), false, Optional.empty()));
    }

    private Arm arm(Caller caller) {
        return candidate.isPresent()
                        && ArmBucket.isWithin(config.rollout().uid(), caller.identity(), config.weight())
                        && leaseHeld.getAsBoolean()
                ? Arm.CANDIDATE
                : Arm.STABLE;
    }

    // Whoever has the keys says what the token is, so that both arms' authentication figures can be compared.
    private TokenCheck tokenCheck(ArmLimiter limiter, Caller caller, Caller armCaller) {
        return limiter.identifier().checksTokens() ? caller.tokenCheck() : armCaller.tokenCheck();
    }
}
