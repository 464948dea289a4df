package sluice.limiter.warmup;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers who ask, pause and ask again, now and then over a new connection and for a new user: who comes first to a new pod brings many
 * of both. Belongs to one event loop.
 */
final class Callers {

    /** Where nearly every request is one too many. */
    static final String LIMITED_PATH = "/limited";

    private static final int CONNECTIONS = 16;

    /** So that the compilers, whose threads give way to those that answer, have a core at times. */
    private static final int PAUSE_MILLIS = 10;

    private static final int REQUESTS_PER_CONNECTION = 8;
    private static final int REQUESTS_PER_USER = 2;
    private static final int GREEDY_USERS = 16;
    private static final byte[] BODY = "{\"warm\":true}".getBytes(StandardCharsets.US_ASCII);

    private final Bootstrap bootstrap;
    private final ChannelGroup connections;
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private final AtomicInteger answers = new AtomicInteger();
    private int asked;

    /** @param bootstrap connects to the proxy; what becomes of a connection is set here */
    Callers(Bootstrap bootstrap) {
        connections = new DefaultChannelGroup(bootstrap.config().group().next(), true);
        this.bootstrap = bootstrap.handler(Rehearsal.initializer(channel -> channel.pipeline()
                .addLast(new HttpClientCodec(), new HttpObjectAggregator(Rehearsal.MOST_OF_A_MESSAGE), new Caller())));
        for (var connection = 0; connection < CONNECTIONS; connection++) {
            connect();
        }
    }

    private void connect() {
        connections.add(bootstrap.connect().channel());
    }

    /** Completes when a caller fails, and then with the reason. */
    CompletableFuture<Void> failed() {
        return failed;
    }

    /** How many there were so far. */
    int answers() {
        return answers.get();
    }

    /** Lets nobody connect any more, and closes every connection. */
    void stop() {
        var _ = connections.close();
    }

    private final class Caller extends SimpleChannelInboundHandler<FullHttpResponse> {

        private int askedHere;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ask(ctx);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse answer) {
            answers.incrementAndGet();
            if (askedHere < REQUESTS_PER_CONNECTION) {
                var _ = ctx.executor().schedule(() -> ask(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        private void ask(ChannelHandlerContext ctx) {
            var request = request(asked++);
            if (++askedHere == REQUESTS_PER_CONNECTION) {
                request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
            var _ = ctx.writeAndFlush(request);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            connect();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failed.completeExceptionally(cause);
            var _ = ctx.close();
        }
    }

    /** What callers send, in turn: mostly GET, some with a body, some too much. */
    private static FullHttpRequest request(int number) {
        var user = "user-" + number / REQUESTS_PER_USER;
        return switch (number % 16) {
            case 3 -> request(HttpMethod.POST, "/api/orders", user, BODY);
            case 7 -> request(HttpMethod.HEAD, "/api/orders", user, new byte[0]);
            case 11 -> request(HttpMethod.GET, LIMITED_PATH, "greedy-" + number / 16 % GREEDY_USERS, new byte[0]);
            default -> request(HttpMethod.GET, "/api/orders/" + number + "?page=2", user, new byte[0]);
        };
    }

    private static FullHttpRequest request(HttpMethod method, String target, String user, byte[] body) {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, target, Unpooled.wrappedBuffer(body));
        request.headers()
                .set(HttpHeaderNames.HOST, "localhost")
                .set("X-User-Id", user)
                .set(HttpHeaderNames.USER_AGENT, "warm-up")
                .set(HttpHeaderNames.ACCEPT, "application/json");
        if (body.length > 0) {
            request.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return request;
    }
}
