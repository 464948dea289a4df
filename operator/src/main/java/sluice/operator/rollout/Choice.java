package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Picks the one decision that fits a rollout's place. */
final class Choice {
    private final RolloutPlan plan;
    private final RolloutState state;
    private final Optional<Verb> command;
    private final Observation observation;
    private final Instant now;
    private final Evidence evidence;
    private final HookJudge hooks;

    Choice(RolloutPlan plan, Obedience obedience, Observation observation, List<Finding> findings, Instant now) {
        this.plan = plan;
        this.state = obedience.state();
        this.command = obedience.now();
        this.observation = observation;
        this.now = now;
        this.evidence = new Evidence(state, observation, findings);
        this.hooks = new HookJudge(plan, state, observation, now);
    }

    Decision decision() {
        return switch (state.progress()) {
            case Progress.Pending _ -> pending();
            case Progress.Running running -> running(running);
            case Progress.Promoted promoted -> promoted(promoted);
            case Progress.RollingBack back -> rollingBack(back);
            case Progress.RolledBack back -> rolledBack(back);
        };
    }

    private Decision pending() {
        if (plan.isPromotedAlready(state)) {
            return new Decision.Settle();
        }
        return aborted()
                .map(this::rollBack)
                .or(() -> keptByPeople().or(this::unready).or(hooks::failed).or(hooks::unfinished))
                .orElseGet(() -> new Decision.Inject(plan.candidate()));
    }

    private Optional<Decision.Hold> unready() {
        return evidence.blocked().or(evidence::serviceBreaching);
    }

    private Decision promoted(Progress.Promoted promoted) {
        var after = new AfterPromotion(plan, state, promoted, observation, evidence, now);
        Optional<Decision> back = aborted()
                .or(after::back)
                .or(() -> after.failed(hooks))
                .or(() -> after.unwanted(plan.candidate()))
                .map(this::rollBack);
        return back.orElseGet(() -> plan.isPromotedAlready(state) ? after.stay() : replaced(after));
    }

    // Whoever replaces what is about to break would lose the way back, and wait for a service that does not get well by
    // itself.
    private Decision replaced(AfterPromotion after) {
        return after.breaching().<Decision>map(hold -> hold).orElseGet(() -> new Decision.Accept(plan.candidate()));
    }

    private Optional<RollbackReason> aborted() {
        return command.filter(Verb.ABORT::equals).map(_ -> new RollbackReason.Aborted());
    }

    private Decision rolledBack(Progress.RolledBack back) {
        if (plan.isPromotedAlready(state)) {
            // Most people answer a rollback by taking the change back: that must not end the check that comes after it.
            return hooks.unfinished().<Decision>map(hold -> hold).orElseGet(Decision.Settle::new);
        }
        if (!plan.candidate().revision().equals(back.candidate().revision())) {
            return new Decision.Accept(plan.candidate());
        }
        if (command.filter(Verb.RETRY::equals).isPresent()) {
            return new Decision.Accept(plan.candidate());
        }
        if (!state.startsOver()) {
            return Evidence.hold(
                    HoldReason.LATCHED,
                    "revision %s was rolled back (%s%s) and is not tried again until spec.limiter changes or somebody says retry"
                            .formatted(
                                    back.candidate().revision(),
                                    back.rollback().reason().cause(),
                                    state.orders().has(Order.ABORTED) ? ", then aborted" : ""));
        }
        return evidence.missingAtRest(plan.stopLoss())
                .or(this::keptByPeople)
                .or(() -> new Comeback(plan.stopLoss(), state, now).tooSoon(back.rollback()))
                .or(this::unready)
                .<Decision>map(hold -> hold)
                .orElseGet(() -> new Decision.StartOver(plan.candidate()));
    }

    private Decision rollingBack(Progress.RollingBack back) {
        Sidecars sidecars = observation.sidecars();
        if (sidecars.injected() == 0) {
            return new Decision.FinishRollBack(RollbackProof.SIDECARS_REMOVED);
        }
        if (state.injectionWanted() && sidecars.inSync() >= sidecars.injected()) {
            return new Decision.FinishRollBack(RollbackProof.ACKNOWLEDGED);
        }
        // What was promoted is kept without a lease: only contact ends it.
        if (state.injectionWanted() && !back.rollback().afterPromotion() && observation.leasesOver()) {
            return new Decision.FinishRollBack(RollbackProof.LEASE_EXPIRED);
        }
        return Evidence.hold(HoldReason.AWAITING_SIDECARS, "waiting for every sidecar to be back: " + sidecars);
    }

    private Decision running(Progress.Running running) {
        Optional<Decision> back = aborted()
                .or(() -> evidence.broken().map(RollbackReason.StopLossBroken::new))
                .or(hooks::back)
                .map(this::rollBack);
        if (back.isPresent()) {
            return back.get();
        }
        if (hasChanged(running.run())) {
            return new Decision.Accept(plan.candidate());
        }
        Optional<Decision.Hold> obstacle = evidence.obstacle();
        // Who has paused it has not asked for being blind.
        return obstacle.filter(hold -> hold.kind() == HoldReason.NO_DATA)
                .or(this::keptByPeople)
                .or(() -> obstacle)
                .map(this::holdOrGiveUp)
                .orElseGet(() -> onTime(running));
    }

    private Optional<Decision.Hold> keptByPeople() {
        return suspended()
                .or(() -> state.orders().has(Order.PAUSED)
                        ? Optional.of(Evidence.hold(HoldReason.PAUSED, "paused at weight " + state.weight()))
                        : Optional.empty());
    }

    private Optional<Decision.Hold> suspended() {
        return state.orders().has(Order.SUSPENDED)
                ? Optional.of(Evidence.hold(
                        HoldReason.SUSPENDED,
                        "spec.suspend is true; the stop-loss stays armed at weight " + state.weight()))
                : Optional.empty();
    }

    private boolean hasChanged(Run run) {
        return !plan.candidate().revision().equals(run.candidate().revision())
                || !plan.strategy().equals(run.strategy());
    }

    private Decision holdOrGiveUp(Decision.Hold hold) {
        return holdOrGiveUp(hold, evidence);
    }

    private Decision holdOrGiveUp(Decision.Hold hold, Evidence seen) {
        if (hold.kind() == HoldReason.NO_DATA) {
            Instant since = state.timers().missingSince().orElse(now);
            boolean over = !now.isBefore(since.plus(plan.stopLoss().noDataAfter())) && mayGiveUp();
            return over ? rollBack(new RollbackReason.NoData(since, hold.message())) : hold;
        }
        if (Obstacles.stalls(hold.kind(), state.progress())) {
            Instant since = state.timers().stalledSince().orElse(now);
            boolean over = !now.isBefore(since.plus(patience(hold.kind(), seen)));
            return over ? rollBack(new RollbackReason.ProgressDeadline(since, hold.message())) : hold;
        }
        return hold;
    }

    // As long as the longest window of what breaches, counted like the deadline from when progress stopped.
    private Duration patience(HoldReason kind, Evidence seen) {
        Duration deadline = plan.stopLoss().progressDeadline();
        if (kind != HoldReason.BREACHING) {
            return deadline;
        }
        return seen.breaches()
                .flatMap(breach -> plan.stopLoss().window(breach.signal()).stream())
                .reduce(deadline, (one, other) -> one.compareTo(other) < 0 ? other : one);
    }

    // While nothing is exposed, first scrapes may take as long as the observation.
    private boolean mayGiveUp() {
        return !(state.progress() instanceof Progress.Observing(Run run, Instant since))
                || !now.isBefore(since.plus(run.strategy().observe()));
    }

    private Decision rollBack(RollbackReason reason) {
        boolean neverServed = !(state.progress() instanceof Progress.Exposed);
        // Without a promoted limiter the sidecar itself is what was new. Missing data say nothing against it.
        boolean removes = neverServed && !state.stablePromoted() && !(reason instanceof RollbackReason.NoData);
        return new Decision.RollBack(reason, removes);
    }

    private Decision onTime(Progress.Running running) {
        return switch (running) {
            case Progress.Injecting _ -> new Decision.Observe();
            case Progress.Observing observing -> observing(observing);
            case Progress.Exposed exposed -> exposed(exposed);
        };
    }

    private Decision observing(Progress.Observing observing) {
        Instant until = observing.since().plus(observing.run().strategy().observe());
        if (now.isBefore(until) && !state.orders().has(Order.HOLD_SKIPPED)) {
            return Evidence.hold(HoldReason.OBSERVING, "watching the sidecars at weight 0", until);
        }
        Instant forgotten = lastAttemptForgotten(observing.run().candidate());
        if (now.isBefore(forgotten)) {
            return Evidence.hold(HoldReason.OBSERVING, "this revision's last attempt is still in its rates", forgotten);
        }
        int weight = observing.run().strategy().steps().getFirst().weight();
        return switch (BaselineChoice.of(plan, observation.signals(), now)) {
            case BaselineChoice.Frozen frozen -> startUnlessBreaching(new Decision.Start(weight, frozen.baseline()));
            case BaselineChoice.NotYet notYet -> holdOrGiveUp(notYet.hold());
        };
    }

    // What one attempt has done must not be held against the next one of the same revision, nor hide what that one
    // does.
    private Instant lastAttemptForgotten(Limiter candidate) {
        Stream<Instant> decided = state.history().stream()
                .filter(attempt -> attempt.revision().equals(candidate.revision()))
                .map(HistoryEntry::at);
        Stream<Instant> over = state.lastRollback().stream()
                .filter(back -> back.revision().equals(candidate.revision()))
                .flatMap(back -> back.finish().stream())
                .map(Rollback.Finish::at);
        return Stream.concat(decided, over)
                .max(Comparator.naturalOrder())
                .map(last -> last.plus(observation.signals().rateWindow()))
                .orElse(Instant.MIN);
    }

    // A rule that compares with the baseline could not be judged without one: it is asked before anybody is exposed.
    private Decision startUnlessBreaching(Decision.Start start) {
        RolloutState started = new Transition(plan, state, observation.signals(), now).after(start);
        List<Finding> service = new RuleJudge(plan, started, observation.signals(), now)
                .findings().stream()
                        .filter(finding -> finding.scope() == Scope.SERVICE)
                        .toList();
        Evidence judged = new Evidence(state, observation, service);
        return judged.missing()
                .or(judged::noTraffic)
                .or(judged::breaching)
                .map(hold -> holdOrGiveUp(hold, judged))
                .orElse(start);
    }

    private Decision exposed(Progress.Exposed exposed) {
        Strategy strategy = exposed.run().strategy();
        int step = exposed.canary().step();
        if (Obstacles.evaluationStopped(plan, state, now)) {
            return Evidence.hold(
                    HoldReason.EVALUATION_RESUMED,
                    "nobody had been watching for longer than the dead-man switch; the step's hold starts again");
        }
        boolean full = state.orders().has(Order.FULL);
        Optional<Decision.Hold> needsSomebody =
                full ? Optional.empty() : hooks.failed().or(hooks::refused);
        if (needsSomebody.isPresent()) {
            return needsSomebody.get();
        }
        if (!exposed.holdIsOver(state.orders(), now)) {
            return Evidence.hold(
                    HoldReason.HOLDING,
                    "step " + (step + 1) + " of " + strategy.steps().size() + " at weight " + exposed.weight(),
                    exposed.holdEndsAt());
        }
        // Whoever sends everybody over at once waits for no hook and no gate; the last step still bakes.
        return (full
                        ? Optional.<Decision.Hold>empty()
                        : hooks.unfinished().or(this::gate).or(this::comparison))
                .or(() -> approval(exposed))
                .map(this::holdOrGiveUp)
                .orElseGet(() -> leave(exposed, full));
    }

    private Optional<Decision.Hold> gate() {
        return new GateKeeper(plan, state, observation.signals())
                .closed()
                .map(why -> Evidence.hold(HoldReason.GATE_CLOSED, why));
    }

    private Optional<Decision.Hold> comparison() {
        return new ComparisonJudge(plan, state, observation.signals()).hold();
    }

    private Optional<Decision.Hold> approval(Progress.Exposed exposed) {
        return exposed.present().manual() && !state.orders().has(Order.APPROVED)
                ? Optional.of(Evidence.hold(
                        HoldReason.AWAITING_APPROVAL,
                        "step %d at weight %d waits for promote"
                                .formatted(exposed.canary().step() + 1, exposed.weight())))
                : Optional.empty();
    }

    private static Decision leave(Progress.Exposed exposed, boolean full) {
        Strategy strategy = exposed.run().strategy();
        int step = exposed.canary().step();
        if (strategy.isLast(step)) {
            return new Decision.Promote(exposed.run().candidate());
        }
        List<Step> steps = strategy.steps();
        int next = full ? steps.size() - 1 : step + 1;
        return new Decision.Advance(next, steps.get(next).weight());
    }
}
