package sluice.limiter.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stream of a connection to the app. Carries one forwarding. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class Http2AppStream extends ChannelInboundHandlerAdapter implements Upstream, OpenStreams.Open {

    private final Http2AppConnection connection;
    private final Http2StreamChannel channel;
    private final Http2Output output;
    private final UnreadData unread = new UnreadData();
    private final boolean reused;
    private @Nullable Forwarding forwarding;
    private boolean headRead;
    private boolean reset;
    private boolean unprocessed;

    /** A stream of {@code channel}; {@code reused} when its connection has carried others before. */
    Http2AppStream(Http2AppConnection connection, Http2StreamChannel channel, boolean reused) {
        this.connection = connection;
        this.channel = channel;
        this.output = new Http2Output(channel);
        this.reused = reused;
    }

    @Override
    public Http2StreamChannel channel() {
        return channel;
    }

    @Override
    public UnreadData unread() {
        return unread;
    }

    @Override
    public void begin(Forwarding next, boolean head) {
        forwarding = next;
    }

    @Override
    public void write(HttpObject message) {
        output.write(message);
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public long kept() {
        return Kept.PER_STREAM + output.kept() + unread.kept();
    }

    @Override
    public void pauseReading(boolean pause) {
        Http2Reading.pause(channel, pause);
    }

    @Override
    public boolean isStale() {
        return reused && !headRead && !reset;
    }

    @Override
    public boolean isUnprocessed() {
        return unprocessed;
    }

    @Override
    public void release(boolean sound) {
        forwarding = null;
        if (sound) {
            pauseReading(false);
        } else {
            close();
        }
    }

    /** Resets the stream, unless it has ended both ways. */
    @Override
    public void close() {
        forwarding = null;
        if (channel.isActive()) {
            connection.resetting();
        }
        channel.close();
    }

    @Override
    public Optional<Switchable> switchable() {
        return Optional.empty();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Http2DataFrame data) {
            unread.read(data);
        }
        var current = forwarding;
        if (current == null) {
            ReferenceCountUtil.release(msg);
            return;
        }
        switch (msg) {
            case Http2HeadersFrame trailers
            when headRead -> current.answer().content(Http2Messages.answerTrailers(trailers.headers()));
            case Http2HeadersFrame head -> head(current, head);
            case Http2DataFrame data ->
                current.answer()
                        .content(
                                data.isEndStream()
                                        ? new DefaultLastHttpContent(data.content())
                                        : new DefaultHttpContent(data.content()));
            default -> ReferenceCountUtil.release(msg);
        }
    }

    private void head(Forwarding current, Http2HeadersFrame frame) {
        try {
            var answer = Http2Messages.answer(frame.headers());
            if (answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                current.answer().undecodable();
            } else if (answer.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                current.answer().interim(answer);
            } else {
                headRead = true;
                current.answer().head(answer);
                endWith(frame);
            }
        } catch (Http2Exception malformed) {
            current.answer().undecodable();
        }
    }

    private void endWith(Http2HeadersFrame frame) {
        if (frame.isEndStream() && forwarding != null) {
            forwarding.answer().content(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (forwarding != null) {
            forwarding.answer().batchEnded();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (forwarding != null) {
            forwarding.upstreamWritabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        if (evt instanceof Http2GoAwayFrame) {
            unprocessed = true;
            gone();
        } else if (evt instanceof Http2ResetFrame frame && frame.errorCode() != Http2Error.NO_ERROR.code()) {
            reset = true;
            unprocessed = frame.errorCode() == Http2Error.REFUSED_STREAM.code();
            gone();
        }
        // With NO_ERROR the answer is whole, and what has come of it is still to be read.
        ReferenceCountUtil.release(evt);
    }

    /** Nothing more will come. */
    void gone() {
        var current = forwarding;
        forwarding = null;
        if (current != null) {
            current.upstreamClosed();
        }
        pauseReading(false);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.closed(this);
        gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var current = forwarding;
        if (current != null) {
            current.answer().undecodable();
        }
    }
}
