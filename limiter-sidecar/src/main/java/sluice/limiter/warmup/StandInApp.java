package sluice.limiter.warmup;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Answers as apps do: with a length, to a POST in chunks, and over a connection that ends now and then. */
final class StandInApp extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final byte[] BODY = "{\"orders\":[]}".getBytes(StandardCharsets.US_ASCII);

    private static final int REQUESTS_PER_CONNECTION = 8;

    private int answered;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        var head = request.method().equals(HttpMethod.HEAD);
        var answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(head ? new byte[0] : BODY));
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        if (request.method().equals(HttpMethod.POST)) {
            answer.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else {
            answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, BODY.length);
        }
        if (++answered < REQUESTS_PER_CONNECTION) {
            var _ = ctx.writeAndFlush(answer);
        } else {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            var _ = ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The rehearsal is over.
        var _ = ctx.close();
    }
}
