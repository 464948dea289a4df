package sluice.limiter.proxy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;

/** The DATA frames of a stream that have come and have not been read: each of them costs more memory than its bytes. */
final class UnreadData {

    private int frames;

    /** The frame as it may wait: a small part of what was read at once would keep all of that. Takes over {@code frame}. */
    Http2DataFrame arrives(Http2DataFrame frame, boolean waits) {
        frames++;
        if (!waits || !Kept.isSmall(frame.content())) {
            return frame;
        }
        var alone =
                new DefaultHttp2DataFrame(Unpooled.copiedBuffer(frame.content()), frame.isEndStream(), frame.padding());
        frame.release();
        return alone.stream(frame.stream());
    }

    void read() {
        frames--;
    }

    /** What they cost beside their bytes. */
    long kept() {
        return (long) frames * Kept.PER_PIECE;
    }
}
