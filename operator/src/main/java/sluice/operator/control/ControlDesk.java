package sluice.operator.control;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What every connection works with.
 *
 * @param onChange hears of every connect, disconnect and acknowledgement; must not block
 * @param blocking where waiting is allowed
 */
record ControlDesk(
        Leadership leadership,
        TokenVerifier tokens,
        PodRollouts rollouts,
        Streams streams,
        Acks acks,
        Consumer<RolloutKey> onChange,
        Executor blocking,
        InstantSource clock) {}
