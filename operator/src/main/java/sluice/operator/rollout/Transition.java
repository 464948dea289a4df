package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The state that a decision leads to. */
final class Transition {
    private final RolloutPlan plan;
    private final RolloutState state;
    private final Signals signals;
    private final Instant now;
    private final StateDraft next;

    Transition(RolloutPlan plan, RolloutState state, Signals signals, Instant now) {
        this.plan = plan;
        this.state = state;
        this.signals = signals;
        this.now = now;
        this.next = new StateDraft(state);
    }

    /** Where evaluation takes up again after it had stopped for longer than the dead-man switch. */
    static RolloutState resumed(RolloutState state, Instant now) {
        Timers old = state.timers();
        StateDraft draft = new StateDraft(state)
                .timers(new Timers(
                        old.evaluatedAt(),
                        old.missingSince(),
                        old.presentSince(),
                        Optional.empty(),
                        old.stableThrottled()));
        return state.progress() instanceof Progress.Exposed exposed
                // A check that ran meanwhile may have found every sidecar back at the stable limiter.
                ? draft.progress(exposed.holdingFrom(now))
                        .hooks(state.hooks().stream().map(HookRun::again).toList())
                        .done()
                : draft.done();
    }

    /** Where a look finds nobody to be watched: the time since the look before it proves nothing, and what was seen until then stays. */
    static RolloutState unwatched(RolloutState state, Instant now) {
        return state.progress() instanceof Progress.Exposed exposed
                ? new StateDraft(state)
                        .progress(exposed.holdingFrom(stopped(exposed.canary().holdStartedAt(), state.timers(), now)))
                        .done()
                : state;
    }

    // Never into the future, nor back where the clocks of two operators differ.
    private static Instant stopped(Instant holdStartedAt, Timers timers, Instant now) {
        Instant lastLook = timers.evaluatedAt().orElse(holdStartedAt);
        Instant later = holdStartedAt.plus(Duration.between(lastLook, now));
        Instant atMost = later.isBefore(now) ? later : now;
        return atMost.isAfter(holdStartedAt) ? atMost : holdStartedAt;
    }

    RolloutState after(Decision decision) {
        next.orders(orders(decision))
                .hooks(hooks(decision))
                .timers(timers(decision))
                .decided(DecisionNotes.of(decision, state, now));
        return written(decision).done();
    }

    private Orders orders(Decision decision) {
        Orders orders = state.orders();
        return switch (decision) {
            case Decision.Hold hold ->
                orders.with(Order.AWAITING_APPROVAL, hold.kind() == HoldReason.AWAITING_APPROVAL);
            case Decision.Start _, Decision.Advance _ -> orders.forNextStep();
            case Decision.Observe _, Decision.Disarm _, Decision.FinishRollBack _ -> orders;
            case Decision.Accept _ -> orders.forNextCandidate();
            case Decision.Settle _, Decision.Inject _, Decision.Promote _, Decision.RollBack _, Decision.StartOver _ ->
                orders.forNextRun();
        };
    }

    /** What was due or running elsewhere is no longer asked about. */
    private List<HookRun> hooks(Decision decision) {
        return switch (decision) {
            case Decision.Hold _, Decision.Observe _, Decision.Disarm _ -> state.hooks();
            case Decision.Start _, Decision.Advance _ -> due(HookPoint.AFTER_STEP);
            case Decision.Promote _ -> due(HookPoint.AFTER_PROMOTION);
            case Decision.FinishRollBack _ -> due(HookPoint.AFTER_ROLLBACK);
            case Decision.Accept _, Decision.Settle _, Decision.Inject _, Decision.RollBack _, Decision.StartOver _ ->
                List.of();
        };
    }

    private List<HookRun> due(HookPoint point) {
        return HookKeeper.due(
                plan, point, state.candidate().orElse(plan.candidate()).revision());
    }

    private StateDraft written(Decision decision) {
        return switch (decision) {
            case Decision.Hold _ -> next;
            case Decision.Accept _ -> accept();
            case Decision.Settle _ -> dropCandidate().progress(new Progress.Promoted(now));
            case Decision.Inject inject -> inject(inject.candidate());
            case Decision.Observe _ -> next.progress(new Progress.Observing(run(), now));
            case Decision.Start start -> expose(new Canary(0, now, now, start.baseline()));
            case Decision.Advance advance -> expose(canary().atStep(advance.step(), now));
            case Decision.Promote promote -> promote(promote.candidate());
            case Decision.Disarm _ -> next.progress(new Progress.Promoted(promotedAt()));
            case Decision.RollBack rollBack -> rollBack(rollBack);
            case Decision.FinishRollBack finish -> finishRollBack(finish.proof());
            case Decision.StartOver over -> startOver(over.candidate());
        };
    }

    private StateDraft accept() {
        if (state.progress() instanceof Progress.Running running) {
            next.ended(running.run().candidate().revision(), "Superseded", "SpecChanged", now);
        }
        return dropCandidate().progress(new Progress.Pending(now, state.lastCandidate()));
    }

    private StateDraft dropCandidate() {
        return state.servedCandidate().isPresent() ? next.nextEpoch() : next;
    }

    private StateDraft inject(Limiter candidate) {
        return next.nextEpoch()
                .stable(state.stablePromoted() ? state.stable() : plan.initialStable(), state.stablePromoted())
                .injectionWanted(true)
                .progress(new Progress.Injecting(new Run(candidate, plan.strategy(), now)));
    }

    private StateDraft startOver(Limiter candidate) {
        Run run = new Run(candidate, plan.strategy(), now);
        return next.nextEpoch().progress(new Progress.Observing(run, now));
    }

    private StateDraft expose(Canary canary) {
        Run run = run();
        return next.nextEpoch()
                .progress(
                        run.strategy().isLast(canary.step())
                                ? new Progress.Baking(run, canary)
                                : new Progress.Progressing(run, canary));
    }

    private StateDraft promote(Limiter candidate) {
        return next.nextEpoch()
                .stable(candidate, true)
                .ended(candidate.revision(), "Promoted", "StepsCompleted", now)
                .progress(new Progress.Promoted(now, armed()));
    }

    private Optional<Armed> armed() {
        return plan.stopLoss().armedAfterPromotion().isZero()
                ? Optional.empty()
                : Optional.of(new Armed(state.stable(), state.stablePromoted(), canary().since(), canary().baseline()));
    }

    private Instant promotedAt() {
        if (state.progress() instanceof Progress.Promoted promoted) {
            return promoted.at();
        }
        throw new IllegalStateException("nothing is promoted in phase " + state.phase());
    }

    private StateDraft rollBack(Decision.RollBack decision) {
        Optional<Armed> armed = state.armed();
        armed.ifPresent(before -> next.stable(before.previousStable(), before.previousPromoted()));
        Limiter candidate =
                armed.isPresent() ? state.stable() : state.candidate().orElse(plan.candidate());
        Rollback rollback = new Rollback(
                candidate.revision(),
                decision.reason(),
                state.weight(),
                armed.isPresent(),
                now,
                Optional.empty(),
                Optional.empty());
        return next.nextEpoch()
                .injectionWanted(!decision.removesSidecars())
                .lastRollback(rollback)
                .ended(candidate.revision(), "RolledBack", decision.reason().cause(), now)
                .progress(new Progress.RollingBack(candidate, rollback));
    }

    private StateDraft finishRollBack(RollbackProof proof) {
        if (state.progress() instanceof Progress.RollingBack(Limiter candidate, Rollback rollback)) {
            Rollback finished = rollback.finished(proof, now);
            return next.lastRollback(finished).progress(new Progress.RolledBack(candidate, finished));
        }
        throw new IllegalStateException("no rollback to finish in phase " + state.phase());
    }

    private Run run() {
        if (state.progress() instanceof Progress.Running running) {
            return running.run();
        }
        throw new IllegalStateException("nothing runs in phase " + state.phase());
    }

    private Canary canary() {
        if (state.progress() instanceof Progress.Exposed exposed) {
            return exposed.canary();
        }
        throw new IllegalStateException("nothing is exposed in phase " + state.phase());
    }

    private Timers timers(Decision decision) {
        Timers old = state.timers();
        boolean missing = decision instanceof Decision.Hold hold && hold.kind() == HoldReason.NO_DATA;
        boolean stalled = decision instanceof Decision.Hold hold && Obstacles.stalls(hold.kind(), state.progress());
        return new Timers(
                Optional.of(now),
                missing ? Optional.of(old.missingSince().orElse(now)) : Optional.empty(),
                waitsForData(decision) && !missing
                        ? Optional.of(old.presentSince().orElse(now))
                        : Optional.empty(),
                // Missing data neither use up the deadline nor grant a fresh one.
                missing
                        ? old.stalledSince()
                        : stalled ? Optional.of(old.stalledSince().orElse(now)) : Optional.empty(),
                decision instanceof Decision.Inject ? OptionalDouble.empty() : stableThrottled(old));
    }

    private boolean waitsForData(Decision decision) {
        return decision instanceof Decision.Hold
                && state.progress() instanceof Progress.RolledBack
                && state.startsOver()
                && !plan.isPromotedAlready(state);
    }

    private OptionalDouble stableThrottled(Timers old) {
        boolean stableServes = state.progress() instanceof Progress.Running && state.sidecarWeight() < 100;
        return stableServes
                        && signals.reading(Signal.THROTTLED_RATIO, Scope.STABLE)
                                instanceof Reading.Value(Samples samples)
                ? OptionalDouble.of(samples.last().value())
                : old.stableThrottled();
    }
}
