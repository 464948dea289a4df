package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;
import sluice.operator.rollout.CommandNote.Outcome;

/**
 * What a command makes of a state, before anything is decided.
 *
 * @param state with the orders that hold now, and the command answered
 * @param now what must be done in this very evaluation
 */
record Obedience(RolloutState state, Optional<Verb> now) {
    private static final Optional<Verb> NOTHING = Optional.empty();

    /** Takes the plan's command up if it is a new one. */
    static Obedience to(RolloutPlan plan, RolloutState state, Instant at) {
        RolloutState standing = with(
                state, state.orders().with(Order.SUSPENDED, plan.instructions().suspended()));
        return plan.instructions()
                .command()
                .filter(state.orders()::isNew)
                .map(command -> answer(command, plan, standing, at))
                .orElse(new Obedience(standing, NOTHING));
    }

    private static Obedience answer(Command command, RolloutPlan plan, RolloutState state, Instant at) {
        Answer answer = switch (command) {
            case Command.Malformed malformed -> new Answer(Outcome.MALFORMED, malformed.why());
            case Command.Given given
            when !isAbout(given, plan, state) ->
                Answer.ignored("revision %s is not the one that this is about, which is %s"
                        .formatted(given.revision(), subject(plan, state)));
            case Command.Given given -> answer(given.verb(), state);
        };
        CommandNote note = new CommandNote(command.text(), answer.outcome(), answer.message(), at);
        return new Obedience(with(state, answer.orders(state.orders()).answered(note)), answer.now());
    }

    private static boolean isAbout(Command.Given command, RolloutPlan plan, RolloutState state) {
        return command.revision().equals(subject(plan, state))
                || (command.revision().equals(state.stable().revision()) && mayNameStable(command.verb(), state));
    }

    private static String subject(RolloutPlan plan, RolloutState state) {
        Limiter atRest = state.progress() instanceof Progress.Pending ? plan.candidate() : state.stable();
        return state.candidate().orElse(atRest).revision();
    }

    // Whoever is late with the last candidate, which is stable by now, must not keep this one back.
    private static boolean mayNameStable(Verb verb, RolloutState state) {
        return state.progress() instanceof Progress.Pending && verb != Verb.ABORT && verb != Verb.PAUSE;
    }

    private static RolloutState with(RolloutState state, Orders orders) {
        return orders.equals(state.orders())
                ? state
                : new StateDraft(state).orders(orders).done();
    }

    private static Answer answer(Verb verb, RolloutState state) {
        return switch (verb) {
            case ABORT -> abort(state);
            case RETRY -> retry(state);
            case PAUSE -> pause(state);
            case RESUME -> resume(state);
            case PROMOTE -> promote(state);
            case PROMOTE_FULL -> promoteFull(state);
            case SKIP_HOLD -> skipHold(state);
            case SKIP_HOOK -> skipHook(state);
        };
    }

    private static Answer abort(RolloutState state) {
        if (state.progress() instanceof Progress.Pending) {
            return Answer.doneNow(Verb.ABORT, "it does not begin before spec.limiter changes or somebody says retry");
        }
        if (state.progress() instanceof Progress.Running || state.armed().isPresent()) {
            return Answer.doneNow(Verb.ABORT, "back to the stable limiter");
        }
        return state.startsOver()
                ? Answer.resumed("it does not start over when data are back; retry tries it again", Order.ABORTED)
                : nothingOnItsWay(state);
    }

    private static Answer retry(RolloutState state) {
        if (state.progress() instanceof Progress.RolledBack) {
            return Answer.doneNow(Verb.RETRY, "the revision is tried again");
        }
        return state.hooks().stream().anyMatch(HookRun::hasFailed)
                ? Answer.doneInPlace(Verb.RETRY, "what has failed of the hooks runs again")
                : Answer.ignored("nothing was rolled back, and no hook has failed, in phase "
                        + state.phase().text());
    }

    private static Answer pause(RolloutState state) {
        if (state.progress() instanceof Progress.Pending) {
            return Answer.done("it does not begin before somebody says resume", Order.PAUSED);
        }
        if (state.progress() instanceof Progress.Running) {
            return Answer.done("stays at weight " + state.weight(), Order.PAUSED);
        }
        return state.startsOver()
                ? Answer.done("it does not start over before somebody says resume", Order.PAUSED)
                : nothingOnItsWay(state);
    }

    private static Answer nothingOnItsWay(RolloutState state) {
        return Answer.ignored("nothing is on its way in phase " + state.phase().text());
    }

    private static Answer resume(RolloutState state) {
        if (state.orders().has(Order.PAUSED)) {
            return Answer.resumed("goes on");
        }
        return Answer.ignored(
                state.orders().has(Order.AWAITING_APPROVAL)
                        ? "the step waits for its approval; use promote"
                        : "it is not paused");
    }

    private static Answer promote(RolloutState state) {
        if (!(state.progress() instanceof Progress.Exposed exposed)) {
            return Answer.ignored(
                    "there is no step to leave in phase " + state.phase().text());
        }
        return exposed.present().manual()
                ? Answer.resumed("the step is approved", Order.APPROVED)
                : Answer.resumed("the step's hold is over", Order.HOLD_SKIPPED);
    }

    private static Answer promoteFull(RolloutState state) {
        if (!(state.progress() instanceof Progress.Exposed exposed)) {
            return Answer.ignored(
                    "there is no step to leave in phase " + state.phase().text());
        }
        // Typed twice it must not skip the bake that it promises.
        return exposed.run().strategy().isLast(exposed.canary().step())
                ? Answer.ignored("it is in its last step; promote ends that step's hold")
                : Answer.resumed("goes on to the last step", Order.FULL, Order.APPROVED, Order.HOLD_SKIPPED);
    }

    private static Answer skipHook(RolloutState state) {
        return state.hooks().stream().allMatch(HookRun::isDone)
                ? Answer.ignored(
                        "no hook is waited for in phase " + state.phase().text())
                : Answer.doneInPlace(Verb.SKIP_HOOK, "goes on without its hooks");
    }

    private static Answer skipHold(RolloutState state) {
        return state.progress() instanceof Progress.Exposed || state.progress() instanceof Progress.Observing
                ? Answer.done("the hold is over", Order.HOLD_SKIPPED)
                : Answer.ignored("there is no hold in phase " + state.phase().text());
    }
}
