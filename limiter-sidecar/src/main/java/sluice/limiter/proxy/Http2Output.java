package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message into a stream. Its head waits for what follows or for a flush, so that a message that ends with its head is one
 * frame: that is how gRPC tells an error before any answer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends in channelInactive.
final class Http2Output {

    private final Channel stream;
    private long unsent;
    private @Nullable Http2Headers head;
    private @Nullable ChannelFuture end;

    Http2Output(Channel stream) {
        this.stream = stream;
    }

    void begin(Http2Headers next) {
        head = next;
    }

    /** A head, or a piece of a body, which it takes over. */
    void write(HttpObject message) {
        switch (message) {
            case HttpRequest request -> begin(Http2Messages.headOf(request));
            case HttpResponse answer -> begin(Http2Messages.headOf(answer));
            case HttpContent piece -> add(piece);
            default -> ReferenceCountUtil.release(message);
        }
    }

    /** Takes over {@code piece}. */
    void add(HttpContent piece) {
        if (piece instanceof LastHttpContent last) {
            end = end(last);
        } else if (piece.content().isReadable()) {
            writeHead();
            send(new DefaultHttp2DataFrame(Kept.alone(piece.content())));
        } else {
            piece.release();
        }
    }

    private ChannelFuture end(LastHttpContent last) {
        var trailed = !last.trailingHeaders().isEmpty();
        if (last.content().isReadable()) {
            writeHead();
            var data = send(new DefaultHttp2DataFrame(Kept.alone(last.content()), !trailed));
            return trailed ? writeTrailers(last) : data;
        }
        last.release();
        if (trailed) {
            writeHead();
            return writeTrailers(last);
        }
        var only = head;
        head = null;
        return send(only == null ? new DefaultHttp2DataFrame(true) : new DefaultHttp2HeadersFrame(only, true));
    }

    private ChannelFuture writeTrailers(LastHttpContent last) {
        // Behind the body they wait for the client's window, where Netty counts them as next to nothing.
        return send(
                new DefaultHttp2HeadersFrame(Http2Messages.trailersOf(last), true), Kept.of(last.trailingHeaders()));
    }

    private void writeHead() {
        if (head != null) {
            send(new DefaultHttp2HeadersFrame(head, false));
            head = null;
        }
    }

    private ChannelFuture send(Http2StreamFrame frame) {
        return send(frame, 0);
    }

    private ChannelFuture send(Http2StreamFrame frame, long uncounted) {
        var cost = Kept.PER_PIECE + uncounted;
        unsent += cost;
        return stream.write(frame).addListener(_ -> unsent -= cost);
    }

    /** The memory of what was written and has not gone to the kernel, in bytes. */
    long kept() {
        return Kept.unsent(stream) + unsent;
    }

    void flush() {
        writeHead();
        stream.flush();
    }

    /** True when all of it has gone to the kernel. */
    boolean isWritten() {
        return end != null && end.isDone();
    }
}
