package sluice.limiter.proxy;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Whether somebody takes what was written to a channel, however slowly. */
final class Taking {

    private final Channel channel;
    private @Nullable Object next;
    private long progress;
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
    @SuppressWarnings("ReferenceEquality") // Whether it is the same one that is being taken.
    long stalled(long now) {
        var buffer = channel.unsafe().outboundBuffer();
        var left = untaken();
        if (buffer == null || left == 0) {
            since = now;
        } else {
            // That there is more than before says nothing: it may have been written meanwhile.
            if (left < untaken || buffer.current() != next || buffer.currentProgress() != progress) {
                since = now;
            }
            next = buffer.current();
            progress = buffer.currentProgress();
        }
        untaken = left;
        return now - since;
    }
}
