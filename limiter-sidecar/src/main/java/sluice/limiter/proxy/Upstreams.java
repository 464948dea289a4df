package sluice.limiter.proxy;

/** Where forwardings get what carries them to the app. */
interface Upstreams {

    /** Tells {@code forwarding}, now or later, what carries it or that nothing does. */
    void acquire(Forwarding forwarding);

    /** As {@link #acquire}, but nothing that the app may have closed in good faith. */
    void connectFor(Forwarding forwarding);

    /** {@code forwarding} needs nothing any more. */
    void cancel(Forwarding forwarding);
}
