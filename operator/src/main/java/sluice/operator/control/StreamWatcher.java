package sluice.operator.control;

import java.time.Duration;

/** Hears what happens on the streams, on their event loops; must not block. */
@FunctionalInterface
public interface StreamWatcher {

    /** A sidecar of the rollout has connected, has gone, or has acknowledged something. */
    void changed(RolloutKey rollout);

    /** A sidecar has answered a configuration on its stream, so long after that was sent. */
    default void answered(Duration after) {}
}
