package sluice.limiter.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import sluice.limiter.config.JsonTree;

/** One connection of the operator's stream, line by line, until it ends; then {@code ended} is called, once. */
final class ControlStream {

    // Five heartbeats: an operator that has lost its leadership says nothing more, and another may lead by now.
    private static final int SILENCE_SECONDS = 10;
    private static final int LONGEST_LINE = 1 << 20;

    private final ControlTarget target;
    private final StreamEvents events;
    private String why = "connection closed";
    private boolean misdirected;

    private ControlStream(ControlTarget target, StreamEvents events) {
        this.target = target;
        this.events = events;
    }

    static Channel open(ControlTarget target, StreamEvents events) {
        var stream = new ControlStream(target, events);
        var connected = target.connect(
                SILENCE_SECONDS, stream.new Response(), new LineBasedFrameDecoder(LONGEST_LINE), stream.new Lines());
        var _ = connected.channel().closeFuture().addListener(closed -> events.ended(stream.why, stream.misdirected));
        var _ = connected.addListener(done -> {
            if (done.cause() != null) {
                stream.why = String.valueOf(done.cause().getMessage());
            }
        });
        return connected.channel();
    }

    private void end(ChannelHandlerContext context, String reason) {
        why = reason;
        var _ = context.close();
    }

    /** Asks for the stream, checks the status, and hands the content on as bytes. */
    private final class Response extends SimpleChannelInboundHandler<HttpObject> {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws IOException {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                var _ = context.writeAndFlush(
                        target.request(HttpMethod.GET, "/v1/stream?versions=1", Unpooled.EMPTY_BUFFER));
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse response && !response.status().equals(HttpResponseStatus.OK)) {
                misdirected = response.status().equals(HttpResponseStatus.MISDIRECTED_REQUEST);
                end(context, "answered " + response.status());
            } else if (part instanceof LastHttpContent) {
                end(context, "ended by the operator");
            } else if (part instanceof HttpContent content) {
                context.fireChannelRead(content.content().retain());
            }
        }
    }

    /** Understands the lines. */
    private final class Lines extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf line) throws JsonProcessingException {
            JsonNode message = JsonTree.read(line.toString(StandardCharsets.UTF_8));
            switch (message.path("type").asText()) {
                case "config" -> events.config(message.path("config"), new StreamAnswers(target, context.channel()));
                case "heartbeat" -> events.heartbeat();
                default -> {
                    // A newer operator may say more than this sidecar knows.
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            end(context, String.valueOf(cause.getMessage()));
        }
    }
}
