package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;

/**
 * What a client has sent ahead of its time, parts of requests that come after the current one. Nothing more is read while there is any,
 * nor while the app does not take the current body, so that one read's worth is all there ever is.
 */
final class Inbox {

    private final Channel channel;
    private final ArrayDeque<HttpObject> parts = new ArrayDeque<>(2);
    private long kept;
    private boolean bodyPaused;

    Inbox(Channel channel) {
        this.channel = channel;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    long kept() {
        return kept;
    }

    void add(HttpObject part) {
        var waiting = Kept.alone(part);
        parts.add(waiting);
        kept += Kept.of(waiting);
        updateReading();
    }

    /** The oldest part; more is read when the one who took it says so. */
    HttpObject remove() {
        var part = parts.remove();
        kept -= Kept.of(part);
        return part;
    }

    void pauseBody(boolean pause) {
        bodyPaused = pause;
        updateReading();
    }

    void updateReading() {
        var read = parts.isEmpty() && !bodyPaused;
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    /** Drops everything and reads on. */
    void clear() {
        parts.forEach(ReferenceCountUtil::release);
        parts.clear();
        kept = 0;
        pauseBody(false);
    }
}
