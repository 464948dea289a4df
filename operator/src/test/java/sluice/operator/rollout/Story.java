package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A rollout evaluated again and again, for tests. */
final class Story {
    private RolloutPlan plan;
    private RolloutState state;
    private Instant now = Plans.T0;
    private Evaluation last;

    private Story(RolloutPlan plan) {
        this.plan = plan;
        this.state = RolloutState.initial(Limiter.OFF, now);
        this.last = new Evaluation(Evidence.hold(HoldReason.BLOCKED, "nothing yet"), state, List.of());
    }

    static Story of(RolloutPlan plan) {
        return new Story(plan);
    }

    /** The story of the default plan, told until {@code phase} begins. */
    static Story until(Phase phase) {
        return of(Plans.plan()).tellUntil(phase);
    }

    Story tellUntil(Phase phase) {
        for (int i = 0; state.phase() != phase; i++) {
            if (i > 1000) {
                throw new AssertionError("never " + phase + ": " + state);
            }
            after(Plans.INTERVAL, seen -> seen);
        }
        return this;
    }

    /** The promoted default plan, and then another candidate until {@code phase} begins. */
    static Story untilSecond(Phase phase) {
        Story story = until(Phase.PROMOTED).plan(Plans.plan(Plans.SECOND, Plans.CAREFUL));
        story.after(Plans.INTERVAL, seen -> seen);
        return story.tellUntil(phase);
    }

    Story plan(RolloutPlan next) {
        plan = next;
        return this;
    }

    /** Somebody types a command about the revision that the story is about; it stays in the annotation. */
    Story told(Verb verb) {
        Limiter atRest = state.progress() instanceof Progress.Pending ? plan.candidate() : state.stable();
        return told(verb.text() + "@" + state.candidate().orElse(atRest).revision() + "/" + now);
    }

    Story told(String command) {
        return instructed(plan.instructions().suspended(), Optional.of(Command.parse(command)));
    }

    Story suspended(boolean suspended) {
        return instructed(suspended, plan.instructions().command());
    }

    private Story instructed(boolean suspended, Optional<Command> command) {
        return plan(new RolloutPlan(
                plan.candidate(),
                plan.initialStable(),
                plan.strategy(),
                plan.stopLoss(),
                plan.gates(),
                new Instructions(suspended, plan.instructions().maintenance(), command),
                plan.hooks()));
    }

    Story gates(Gates gates) {
        return plan(new RolloutPlan(
                plan.candidate(),
                plan.initialStable(),
                plan.strategy(),
                plan.stopLoss(),
                gates,
                plan.instructions(),
                plan.hooks()));
    }

    /** The resource has these hooks from now on. */
    Story hooks(Hook... hooks) {
        return plan(new RolloutPlan(
                plan.candidate(),
                plan.initialStable(),
                plan.strategy(),
                plan.stopLoss(),
                plan.gates(),
                plan.instructions(),
                List.of(hooks)));
    }

    /** One evaluation at once that sees the Jobs of all running hooks so. */
    Story jobs(HookSeen seen) {
        return after(Plans.INTERVAL, it -> it.jobs(state, seen));
    }

    /** One evaluation after {@code pause}. */
    Story after(Duration pause, UnaryOperator<Seen> different) {
        now = now.plus(pause);
        Seen seen = different.apply(Seen.healthy(now));
        boolean atRest = state.progress() instanceof Progress.RolledBack;
        return evaluate((atRest ? seen.atRest() : seen).observation());
    }

    /** Evaluations every interval for {@code duration}. */
    Story during(Duration duration, UnaryOperator<Seen> different) {
        Instant end = now.plus(duration);
        while (now.isBefore(end)) {
            after(Plans.INTERVAL, different);
        }
        return this;
    }

    Story blindDuring(Duration duration) {
        Instant end = now.plus(duration);
        while (now.isBefore(end)) {
            now = now.plus(Plans.INTERVAL);
            evaluate(Seen.blind(now));
        }
        return this;
    }

    private Story evaluate(Observation observation) {
        last = RolloutDecider.decide(plan, state, observation, now);
        state = last.next();
        return this;
    }

    RolloutPlan plan() {
        return plan;
    }

    RolloutState state() {
        return state;
    }

    Phase phase() {
        return state.phase();
    }

    Decision decision() {
        return last.decision();
    }

    Evaluation last() {
        return last;
    }

    Instant now() {
        return now;
    }

    HoldReason heldBecause() {
        if (last.decision() instanceof Decision.Hold hold) {
            return hold.kind();
        }
        throw new AssertionError("no hold: " + last.decision());
    }

    Rollback rollback() {
        return state.lastRollback().orElseThrow(() -> new AssertionError("no rollback: " + state));
    }
}
