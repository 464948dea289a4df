package sluice.limiter.proxy;

/** A client's connection as the clock and the end of the process see it. */
interface Watched {

    /** Ends what takes too long; {@code now} is {@code System.nanoTime()}. */
    void tick(long now);

    /** Closes unless a request is being served. */
    void closeIfIdle();

    /** Closes, in the middle of an answer with a reset: what the client has not taken is lost, and it must not take that for the end. */
    void closeNow();

    /** True while somebody would miss something if it were closed. */
    boolean isBusy();

    /** The memory that it keeps, in bytes, about: what has been read and not passed on, and what has been written and not taken. */
    long kept();
}
