package sluice.limiter.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A stream of a client's connection of HTTP/2: one request and its answer. */
final class Http2ClientStream extends ChannelInboundHandlerAdapter implements OpenStreams.Open {

    private final Http2StreamChannel channel;
    private final ProxyEnvironment environment;
    private final Http2ClientConnection connection;
    private final Http2ClientOutput output;
    private final UnreadData unread = new UnreadData();
    private @Nullable Exchange exchange;
    private boolean begun;
    private boolean requestEnded;

    Http2ClientStream(Http2StreamChannel channel, ProxyEnvironment environment, Http2ClientConnection connection) {
        this.channel = channel;
        this.environment = environment;
        this.connection = connection;
        this.output = new Http2ClientOutput(channel, environment, connection, this);
    }

    @Override
    public Http2StreamChannel channel() {
        return channel;
    }

    @Override
    public UnreadData unread() {
        return unread;
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        connection.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        switch (msg) {
            case Http2HeadersFrame head when !begun -> begin(head);
            case Http2HeadersFrame trailers -> trailers(trailers);
            case Http2DataFrame data -> {
                unread.read(data);
                content(
                        data.isEndStream()
                                ? new DefaultLastHttpContent(data.content())
                                : new DefaultHttpContent(data.content()));
            }
            default -> ReferenceCountUtil.release(msg);
        }
    }

    private void begin(Http2HeadersFrame head) {
        begun = true;
        requestEnded = head.isEndStream();
        var request = Http2Messages.request(head.headers(), requestEnded);
        output.answering(Grpc.is(request.headers()));
        switch (HeadCheck.of(request)) {
            case HeadCheck.Sound sound -> {
                var next = new Exchange(environment, output, request, sound.target());
                exchange = next;
                next.start(channel.eventLoop());
            }
            case HeadCheck.Unsound unsound -> refuse(request, unsound.refusal());
        }
    }

    private void refuse(HttpRequest request, Refusal refusal) {
        Refused.log(request, refusal.status().code(), environment.log());
        var headOnly = request.method().equals(HttpMethod.HEAD);
        ReferenceCountUtil.release(request);
        output.answer(environment.answers().refused(refusal), headOnly);
    }

    private void trailers(Http2HeadersFrame trailers) {
        try {
            content(Http2Messages.requestTrailers(trailers.headers()));
        } catch (IllegalArgumentException malformed) {
            requestEnded = true;
            if (exchange != null) {
                exchange.requestBroken(HttpResponseStatus.BAD_REQUEST, "The trailers are malformed.");
            }
        }
    }

    private void content(HttpContent piece) {
        requestEnded |= piece instanceof LastHttpContent;
        if (exchange != null) {
            exchange.requestContent(piece);
        } else {
            piece.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.requestBatchEnded();
        }
        if (!channel.config().isAutoRead()) {
            environment.memory().waits();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!channel.isWritable()) {
            environment.memory().waits();
        }
        if (exchange != null) {
            exchange.clientWritabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        if (evt instanceof Http2ResetFrame) {
            if (!output.hasBegun()) {
                connection.spoiled();
            }
            gone();
        }
        ReferenceCountUtil.release(evt);
    }

    /** The memory that it keeps, in bytes. */
    long kept() {
        return Kept.PER_STREAM + unread.kept() + output.kept() + (exchange == null ? 0 : exchange.kept());
    }

    void exchangeEnded() {
        exchange = null;
    }

    /** Nobody waits for the answer any more. What is left in the stream is read, or Netty would not close it. */
    void gone() {
        var current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
        Http2Reading.pause(channel, false);
    }

    /** Ends what takes too long; {@code now} is {@code System.nanoTime()}. */
    void tick(long now) {
        if (exchange != null) {
            exchange.tick(now);
        } else {
            output.tick(now);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!begun && !connection.isEnding()) {
            // Netty opens one only to answer that the headers are too large together, and reads them to nobody.
            Refused.logUnread(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.code(), environment.log());
        }
        connection.closed(this);
        gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception) {
            // The client's error, which Netty answers with a reset; channelInactive ends the exchange.
            connection.spoiled();
        } else {
            output.reset(Http2Error.INTERNAL_ERROR);
        }
    }
}
