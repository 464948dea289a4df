package sluice.limiter.proxy;

import java.util.concurrent.TimeUnit;

/**
 * Tells a client that opens streams only to spoil them (CVE-2023-44487) from one that often gives up: the former does so with more than half
 * of them. Counts anew every half a minute.
 */
final class StreamResets {

    private static final int TOLERATED = 200;
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

    private long windowBegan;
    private int opened;
    private int spoiled;

    StreamResets(long now) {
        windowBegan = now;
    }

    void opened(long now) {
        if (now - windowBegan >= WINDOW) {
            windowBegan = now;
            opened = 0;
            spoiled = 0;
        }
        opened++;
    }

    /** A stream was reset before it was answered, or broke the protocol. */
    void spoiled() {
        spoiled++;
    }

    boolean isAttack() {
        return spoiled > TOLERATED && spoiled > opened / 2;
    }
}
