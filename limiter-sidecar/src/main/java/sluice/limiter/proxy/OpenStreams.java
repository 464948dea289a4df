package sluice.limiter.proxy;

import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The open streams of a connection of HTTP/2. What comes for them passes here, for DATA to be counted until it is read. */
final class OpenStreams<S extends OpenStreams.Open> {

    /** A stream as its connection sees it. */
    interface Open {

        Http2StreamChannel channel();

        UnreadData unread();
    }

    private final Map<Http2FrameStream, S> streams = new HashMap<>();

    void add(S stream) {
        streams.put(stream.channel().stream(), stream);
    }

    void remove(S stream) {
        streams.remove(stream.channel().stream());
    }

    int size() {
        return streams.size();
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    Stream<S> stream() {
        return streams.values().stream();
    }

    /** A copy, for what is done with them may end them. */
    List<S> all() {
        return List.copyOf(streams.values());
    }

    /** What is to be passed on in the place of {@code message}, which it takes over. */
    Object passing(Object message) {
        if (!(message instanceof Http2DataFrame data)) {
            return message;
        }
        var stream = streams.get(data.stream());
        return stream == null ? data : stream.unread().arrives(data);
    }
}
