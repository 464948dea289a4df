package sluice.limiter.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import sluice.limiter.redis.Backoff;

/** Tells the operator what became of an epoch, again until it has heard or the next one is to be told. Used on one event loop. */
final class AckSender {

    private static final int SILENCE_SECONDS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventLoop loop;
    private long latest;

    AckSender(EventLoop loop) {
        this.loop = loop;
    }

    /** Answers that go to {@code target}. */
    StreamUptake.Answers to(ControlTarget target) {
        return new StreamUptake.Answers() {
            @Override
            public void applied(long epoch) {
                send(target, message(epoch, true));
            }

            @Override
            public void refused(long epoch, String reason) {
                send(target, message(epoch, false).put("reason", reason));
            }
        };
    }

    /** Gives up what is still being tried: there is nobody to tell any more. */
    void stop() {
        latest++;
    }

    private static ObjectNode message(long epoch, boolean applied) {
        return JSON.createObjectNode().put("epoch", epoch).put("applied", applied);
    }

    private void send(ControlTarget target, ObjectNode message) {
        latest++;
        new Attempt(target, message.toString(), latest).start();
    }

    private final class Attempt {

        private final ControlTarget target;
        private final String message;
        private final long number;
        private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
        private boolean heard;

        Attempt(ControlTarget target, String message, long number) {
            this.target = target;
            this.message = message;
            this.number = number;
        }

        void start() {
            var _ = target.connect(SILENCE_SECONDS, new Exchange())
                    .channel()
                    .closeFuture()
                    .addListener(closed -> {
                        if (!heard) {
                            var _ = loop.schedule(this::retry, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
                        }
                    });
        }

        private void retry() {
            if (number == latest) {
                start();
            }
        }

        private final class Exchange extends SimpleChannelInboundHandler<HttpObject> {

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) throws IOException {
                if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                    var body = Unpooled.copiedBuffer(message, StandardCharsets.UTF_8);
                    var request = target.request(HttpMethod.POST, "/v1/ack", body);
                    request.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
                    var _ = context.writeAndFlush(request);
                }
            }

            @Override
            protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
                if (part instanceof HttpResponse response) {
                    heard = response.status().equals(HttpResponseStatus.NO_CONTENT);
                    var _ = context.close();
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                var _ = context.close();
            }
        }
    }
}
