package sluice.limiter.proxy;

import java.util.concurrent.TimeUnit;

/**
 * Counts the frames that carry no request and cost the sender next to nothing, anew every ten seconds. gRPC clients that measure the line
 * send a PING with each round trip, so many are no attack yet.
 */
final class ControlFrames {

    private static final int TOLERATED = 10_000;
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);

    private long windowBegan;
    private int cost;

    ControlFrames(long now) {
        windowBegan = now;
    }

    /** Counts a frame, as {@code price}; true when there have been too many. */
    boolean isFlood(int price, long now) {
        if (now - windowBegan >= WINDOW) {
            windowBegan = now;
            cost = 0;
        }
        cost += price;
        return cost > TOLERATED;
    }
}
