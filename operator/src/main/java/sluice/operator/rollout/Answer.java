package sluice.operator.rollout;

import java.util.Optional;
import java.util.Set;

/**
 * The answer to a command.
 *
 * @param added the orders that it gives
 * @param resumes whether it ends a pause
 * @param now what is to be done in this very evaluation
 */
record Answer(CommandNote.Outcome outcome, String message, Set<Order> added, boolean resumes, Optional<Verb> now) {

    Answer(CommandNote.Outcome outcome, String message) {
        this(outcome, message, Set.of(), false, Optional.empty());
    }

    static Answer ignored(String why) {
        return new Answer(CommandNote.Outcome.IGNORED, why);
    }

    static Answer done(String message, Order... added) {
        return new Answer(CommandNote.Outcome.DONE, message, Set.of(added), false, Optional.empty());
    }

    static Answer resumed(String message, Order... added) {
        return new Answer(CommandNote.Outcome.DONE, message, Set.of(added), true, Optional.empty());
    }

    static Answer doneNow(Verb verb, String message) {
        return new Answer(CommandNote.Outcome.DONE, message, Set.of(), true, Optional.of(verb));
    }

    /** To be done now, and a pause stays. */
    static Answer doneInPlace(Verb verb, String message) {
        return new Answer(CommandNote.Outcome.DONE, message, Set.of(), false, Optional.of(verb));
    }

    Orders orders(Orders before) {
        Orders after = resumes ? before.without(Order.PAUSED) : before;
        for (Order order : added) {
            after = after.with(order);
        }
        return after;
    }
}
