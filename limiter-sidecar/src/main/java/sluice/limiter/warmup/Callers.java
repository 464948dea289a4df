package sluice.limiter.warmup;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers who ask again as soon as they are answered, until enough has been asked. Belongs to one event loop. */
final class Callers {

    /** Where nearly every request is one too many. */
    static final String LIMITED_PATH = "/limited";

    private static final int USERS = 256;
    private static final byte[] BODY = "{\"warm\":true}".getBytes(StandardCharsets.US_ASCII);

    private final int requests;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private int asked;
    private final AtomicInteger answers = new AtomicInteger();

    Callers(int requests) {
        this.requests = requests;
    }

    /** Completes when every request has been answered. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    int answers() {
        return answers.get();
    }

    SimpleChannelInboundHandler<FullHttpResponse> newCaller() {
        return new Caller();
    }

    private final class Caller extends SimpleChannelInboundHandler<FullHttpResponse> {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ask(ctx);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse answer) {
            if (answers.incrementAndGet() == requests) {
                ended.complete(null);
            }
            ask(ctx);
        }

        private void ask(ChannelHandlerContext ctx) {
            if (asked < requests) {
                var _ = ctx.writeAndFlush(request(asked++));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ended.completeExceptionally(cause);
            var _ = ctx.close();
        }
    }

    /** What callers send, in turn: mostly GET, some with a body, some too much. */
    private static FullHttpRequest request(int number) {
        var request = switch (number % 16) {
            case 3 -> request(HttpMethod.POST, "/api/orders", BODY);
            case 7 -> request(HttpMethod.HEAD, "/api/orders", new byte[0]);
            case 11 -> request(HttpMethod.GET, LIMITED_PATH, new byte[0]);
            default -> request(HttpMethod.GET, "/api/orders/" + number + "?page=2", new byte[0]);
        };
        request.headers().set("X-User-Id", "user-" + number % USERS);
        return request;
    }

    private static FullHttpRequest request(HttpMethod method, String target, byte[] body) {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, target, Unpooled.wrappedBuffer(body));
        request.headers()
                .set(HttpHeaderNames.HOST, "localhost")
                .set(HttpHeaderNames.USER_AGENT, "warm-up")
                .set(HttpHeaderNames.ACCEPT, "application/json");
        if (body.length > 0) {
            request.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return request;
    }
}
