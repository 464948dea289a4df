package sluice.limiter.proxy;

/** A client's connection as the clock and the end of the process see it. */
interface Watched {

    /** Ends what takes too long; {@code now} is {@code System.nanoTime()}. */
    void tick(long now);

    /** Closes unless a request is being served. */
    void closeIfIdle();

    void closeNow();
}
