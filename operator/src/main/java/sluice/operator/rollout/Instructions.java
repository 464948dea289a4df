package sluice.operator.rollout;

import java.time.Duration;
import java.util.Optional;

/**
 * What the resource says besides what to roll out.
 *
 * @param suspended whether nothing may begin or go on
 * @param maintenance present when the service is to be closed: what callers are told to wait
 * @param command the newest command, obeyed already or not
 */
public record Instructions(boolean suspended, Optional<Duration> maintenance, Optional<Command> command) {
    /** Go on. */
    public static final Instructions NONE = new Instructions(false, Optional.empty(), Optional.empty());
}
