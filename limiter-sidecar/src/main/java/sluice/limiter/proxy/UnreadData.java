package sluice.limiter.proxy;

import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;

/** The DATA of a stream that has come and has not been read. The codec knows no stream any more that has ended, read or not. */
final class UnreadData {

    private long kept;

    /** The frame as it may wait: a small part of what was read at once would keep all of that. Takes over {@code frame}. */
    Http2DataFrame arrives(Http2DataFrame frame) {
        kept += memoryOf(frame);
        return Kept.isSmallPart(frame.content())
                ? new DefaultHttp2DataFrame(Kept.copied(frame.content()), frame.isEndStream(), frame.padding())
                        .stream(frame.stream())
                : frame;
    }

    void read(Http2DataFrame frame) {
        kept -= memoryOf(frame);
    }

    private static long memoryOf(Http2DataFrame frame) {
        return (long) Kept.PER_PIECE + frame.content().readableBytes();
    }

    long kept() {
        return kept;
    }
}
