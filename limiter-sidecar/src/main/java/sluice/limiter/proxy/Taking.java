package sluice.limiter.proxy;

import io.netty.channel.Channel;

/** Whether somebody takes what was written to a channel, however slowly. */
final class Taking {

    private final Channel channel;
    private long untaken;
    private long since = System.nanoTime();

    Taking(Channel channel) {
        this.channel = channel;
    }

    /** The bytes that the kernel has not taken, for the other end is too slow for them. */
    long untaken() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /** How long nothing has been taken, in nanoseconds, as far as it was asked; 0 when there is nothing to take. */
    long stalled(long now) {
        var left = untaken();
        if (left == 0 || left != untaken) {
            untaken = left;
            since = now;
        }
        return now - since;
    }
}
