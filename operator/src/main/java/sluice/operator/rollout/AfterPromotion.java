package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/** What may still happen to a promoted limiter: a broken rule, or somebody, takes it back as long as the stop-loss is armed. */
final class AfterPromotion {
    private final RolloutState state;
    private final Evidence evidence;
    /** With everybody behind the new limiter a caller far over its limits looks like a limit that is too tight, and is what the limiter is for. */
    private final Evidence besidesThrottling;

    private final boolean populated;
    private final Instant until;
    private final boolean armed;

    AfterPromotion(
            RolloutPlan plan,
            RolloutState state,
            Progress.Promoted promoted,
            Observation observation,
            Evidence evidence,
            Instant now) {
        this.state = state;
        this.evidence = evidence;
        this.besidesThrottling = evidence.without(Signal.THROTTLED_RATIO);
        this.populated = !observation.sidecars().scaledToZero();
        this.until = promoted.at().plus(plan.stopLoss().armedAfterPromotion());
        this.armed = promoted.armed().isPresent() && now.isBefore(until);
    }

    /** Why it is taken back, if it is. */
    Optional<RollbackReason> back() {
        return armed ? besidesThrottling.broken().map(RollbackReason.StopLossBroken::new) : Optional.empty();
    }

    /** Why it is taken back when a hook has failed whose failure says so. */
    Optional<RollbackReason> failed(HookJudge hooks) {
        return armed ? hooks.back() : Optional.empty();
    }

    /** Why it is taken back when the resource asks for the limiter before, and the service breaches: nobody waits until that has lasted. */
    Optional<RollbackReason> unwanted(Limiter wanted) {
        return state.armed()
                .filter(before -> before.previousStable().revision().equals(wanted.revision()))
                .flatMap(_ -> breaching())
                .map(_ -> new RollbackReason.Aborted());
    }

    /** A rule that breaches, while it may still take the limiter back. */
    Optional<Decision.Hold> breaching() {
        return armed && populated ? besidesThrottling.breaching() : Optional.empty();
    }

    /** What there is to do as long as it stays. */
    Decision stay() {
        if (!armed) {
            return state.armed().isPresent() ? new Decision.Disarm() : complete();
        }
        // Nobody would gain from taking back what everybody has, only because it cannot be seen.
        return worry().orElseGet(this::watching);
    }

    private Optional<Decision.Hold> worry() {
        return populated ? evidence.missing().or(evidence::breaching) : Optional.empty();
    }

    private Decision.Hold watching() {
        return Evidence.hold(
                HoldReason.ARMED,
                "revision " + state.stable().revision() + " is promoted; until " + until
                        + " a broken rule takes everybody back",
                until);
    }

    private Decision.Hold complete() {
        return Evidence.hold(HoldReason.COMPLETE, "revision " + state.stable().revision() + " is promoted");
    }
}
