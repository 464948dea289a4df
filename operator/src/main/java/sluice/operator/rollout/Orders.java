package sluice.operator.rollout;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What people have asked for.
 *
 * @param standing what still holds
 * @param last the last command, so that it is obeyed once
 */
public record Orders(Set<Order> standing, Optional<CommandNote> last) {
    /** Nobody has asked for anything. */
    public static final Orders NONE = new Orders(Set.of(), Optional.empty());

    public Orders {
        standing = Set.copyOf(standing);
    }

    /** Whether a command is still to be obeyed. */
    boolean isNew(Command command) {
        return last.map(note -> !note.text().equals(command.text())).orElse(true);
    }

    boolean has(Order order) {
        return standing.contains(order);
    }

    Orders with(Order order, boolean holds) {
        if (has(order) == holds) {
            return this;
        }
        Set<Order> changed = EnumSet.noneOf(Order.class);
        changed.addAll(standing);
        if (holds) {
            changed.add(order);
        } else {
            changed.remove(order);
        }
        return new Orders(changed, last);
    }

    Orders with(Order order) {
        return with(order, true);
    }

    Orders without(Order order) {
        return with(order, false);
    }

    /** The same, the last command answered. */
    public Orders answered(CommandNote note) {
        return new Orders(standing, Optional.of(note));
    }

    /** What holds in the next step: what was said of the one before is used up. */
    Orders forNextStep() {
        return without(Order.APPROVED)
                .without(Order.HOLD_SKIPPED)
                .without(Order.FULL)
                .without(Order.AWAITING_APPROVAL);
    }

    /** What holds for another candidate: who has paused the one before has not asked for this one to begin. */
    Orders forNextCandidate() {
        return forNextStep().without(Order.ABORTED);
    }

    /** What holds once a candidate is no longer on its way. */
    Orders forNextRun() {
        return forNextCandidate().without(Order.PAUSED);
    }
}
