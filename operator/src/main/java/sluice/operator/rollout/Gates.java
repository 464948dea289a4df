package sluice.operator.rollout;

import java.util.List;

/**
 * What must hold before a step may be left.
 *
 * @param all every one must pass
 * @param minimumRequests how many requests the candidate arm must have seen in the step
 */
public record Gates(List<Gate> all, long minimumRequests) {
    /** Time is enough. */
    public static final Gates NONE = new Gates(List.of(), 0);

    public Gates {
        all = List.copyOf(all);
    }
}
