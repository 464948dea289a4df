package sluice.limiter.admin;

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
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.limiter.metrics.MetricsFormat;

/** Answers on the admin port. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes the connection.
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final AsciiString DRAIN_TOKEN = AsciiString.cached("x-sluice-drain-token");
    private static final AsciiString TEXT = AsciiString.cached("text/plain; charset=utf-8");

    private record Reply(HttpResponseStatus status, AsciiString type, String text) {

        static Reply of(HttpResponseStatus status) {
            return new Reply(status, TEXT, status.reasonPhrase() + "\n");
        }
    }

    private final AdminState state;

    AdminHandler(AdminState state) {
        this.state = state;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        var keepAlive = request.decoderResult().isSuccess() && HttpUtil.isKeepAlive(request);
        var path = pathOf(request.uri());
        if (request.decoderResult().isFailure()) {
            send(ctx, Reply.of(HttpResponseStatus.BAD_REQUEST), false);
        } else if (path.equals("/drain")) {
            send(ctx, drain(request), keepAlive);
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            send(ctx, Reply.of(HttpResponseStatus.METHOD_NOT_ALLOWED), keepAlive);
        } else {
            get(ctx, path, request.headers().getAll(HttpHeaderNames.ACCEPT), keepAlive);
        }
    }

    private static String pathOf(String uri) {
        var query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private void get(ChannelHandlerContext ctx, String path, List<String> accept, boolean keepAlive) {
        switch (path) {
            case "/metrics" -> send(ctx, metrics(String.join(",", accept)), keepAlive);
            case "/startup", "/live" ->
                state.loop().execute(() -> send(ctx, Reply.of(HttpResponseStatus.OK), keepAlive));
            case "/ready" -> state.loop().execute(() -> send(ctx, ready(), keepAlive));
            default -> send(ctx, Reply.of(HttpResponseStatus.NOT_FOUND), keepAlive);
        }
    }

    private Reply metrics(String accept) {
        var format = MetricsFormat.preferredBy(accept);
        var type = AsciiString.of(format.contentType());
        return new Reply(HttpResponseStatus.OK, type, state.metrics().apply(format));
    }

    private Reply ready() {
        return Reply.of(state.ready().getAsBoolean() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE);
    }

    private Reply drain(FullHttpRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.POST)) {
            return Reply.of(HttpResponseStatus.METHOD_NOT_ALLOWED);
        }
        if (!mayDrain(request.headers().get(DRAIN_TOKEN))) {
            return Reply.of(HttpResponseStatus.FORBIDDEN);
        }
        state.drain().run();
        return Reply.of(HttpResponseStatus.OK);
    }

    private boolean mayDrain(@Nullable String token) {
        return token != null
                && !state.drainToken().isEmpty()
                && MessageDigest.isEqual(bytes(token), bytes(state.drainToken()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void send(ChannelHandlerContext ctx, Reply reply, boolean keepAlive) {
        var body = Unpooled.wrappedBuffer(bytes(reply.text()));
        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, reply.status(), body);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.type())
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        if (!keepAlive) {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        var written = ctx.writeAndFlush(answer);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // Idle for too long.
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
