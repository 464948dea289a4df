package sluice.operator.control;

import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What every connection works with.
 *
 * @param blocking where waiting is allowed
 */
record ControlDesk(
        Leadership leadership,
        TokenVerifier tokens,
        PodRollouts rollouts,
        Streams streams,
        Acks acks,
        StreamWatcher watcher,
        Executor blocking,
        InstantSource clock) {}
