package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;

/** How much memory something keeps, in bytes, about. */
final class Kept {

    /** Of a header beside its characters: an entry, two strings, and their arrays. */
    static final int PER_HEADER = 128;

    private Kept() {}

    /** What was written to a channel, or to a stream, and has not been taken. */
    static long unsent(Channel channel) {
        if (!channel.isOpen()) {
            return 0;
        }
        var marks = channel.config().getWriteBufferWaterMark();
        return channel.isWritable()
                ? Math.max(0, marks.high() - channel.bytesBeforeUnwritable())
                : marks.low() + channel.bytesBeforeWritable();
    }

    static long of(HttpObject part) {
        var head = part instanceof HttpMessage message ? of(message.headers()) : 0;
        return head + (part instanceof HttpContent piece ? piece.content().readableBytes() : 0);
    }

    private static long of(HttpHeaders headers) {
        var bytes = 0L;
        var all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            var header = all.next();
            bytes += PER_HEADER + header.getKey().length() + header.getValue().length();
        }
        return bytes;
    }

    /** What has come on a stream and has not been read. */
    static long unread(Http2StreamChannel channel) {
        var connection = codec(channel.parent()).connection();
        var stream = connection.stream(channel.stream().id());
        return stream == null ? 0 : connection.local().flowController().unconsumedBytes(stream);
    }

    /** What has come on all streams of a connection of HTTP/2 and has not been read. */
    static long unreadOfAll(Channel connection) {
        var http2 = codec(connection).connection();
        return http2.local().flowController().unconsumedBytes(http2.connectionStream());
    }

    private static Http2FrameCodec codec(Channel connection) {
        return connection.pipeline().get(Http2FrameCodec.class);
    }
}
