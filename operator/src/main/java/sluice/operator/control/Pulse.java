package sluice.operator.control;

import java.time.InstantSource;

/** Lets sidecars hear that they are watched, as long as nobody else can be leading; sends them away once this process leads no longer. */
final class Pulse {

    private final Leadership leadership;
    private final Streams streams;
    private final InstantSource clock;

    Pulse(Leadership leadership, Streams streams, InstantSource clock) {
        this.leadership = leadership;
        this.streams = streams;
        this.clock = clock;
    }

    /** One heartbeat. */
    void beat() {
        if (!leadership.leads()) {
            streams.closeAll();
        } else if (leadership.fresh()) {
            streams.beat(clock.instant(), leadership::fresh);
        }
    }
}
