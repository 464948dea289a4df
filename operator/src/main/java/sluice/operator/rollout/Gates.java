package sluice.operator.rollout;

import java.util.List;
import java.util.Optional;

/**
 * What must hold before a step may be left.
 *
 * @param all every one must pass
 * @param minimumRequests how many requests the candidate arm must have seen in the step
 * @param comparison present when the candidate must be shown to be not worse than the stable arm
 */
public record Gates(List<Gate> all, long minimumRequests, Optional<Comparison> comparison) {
    /** Time is enough. */
    public static final Gates NONE = new Gates(List.of(), 0);

    public Gates {
        all = List.copyOf(all);
    }

    /** Without a comparison. */
    public Gates(List<Gate> all, long minimumRequests) {
        this(all, minimumRequests, Optional.empty());
    }
}
