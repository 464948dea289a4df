package sluice.limiter.proxy;

import io.netty.channel.Channel;

/** Stops and goes on reading a stream, and so gives its sender no more room or some. */
final class Http2Reading {

    private Http2Reading() {}

    static void pause(Channel stream, boolean pause) {
        if (stream.config().isAutoRead() != pause) {
            return;
        }
        stream.config().setAutoRead(!pause);
        if (!pause) {
            // Netty writes what has become free as a WINDOW_UPDATE, but leaves it unflushed when a read was still under
            // way.
            stream.flush();
        }
    }
}
