package sluice.limiter.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sluice.limiter.redis.Backoff;

/**
 * A sidecar's side of the stream, over connections that are made as the real one makes them, and without what a configuration does to
 * requests: thousands of them share a few event loops.
 */
public final class StreamedSidecar implements AutoCloseable {

    private static final int SILENCE_SECONDS = 5;

    /** Hears, on the sidecar's event loop, what it is told and what became of its answer. */
    public interface Listener {

        void config(JsonNode config, Instant at);

        /** The operator has heard of the epoch. */
        void acknowledged(long epoch, Instant at);

        /** A connection has ended, or did not come about; another one follows. */
        default void ended(String why) {}
    }

    private final List<ControlTarget> targets;
    private final EventLoop loop;
    private final Listener listener;
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
    private int attempts;
    private long latest;
    private @Nullable Channel stream;
    private boolean closed;

    /**
     * Connects in the background, and again and again to one operator after the other.
     *
     * @param url what the operator's certificate is for
     * @param operators where it listens
     */
    public StreamedSidecar(
            URI url, List<InetSocketAddress> operators, Path authorities, Path token, EventLoop loop, Listener listener)
            throws IOException {
        this.loop = loop;
        this.listener = listener;
        this.targets = new ArrayList<>();
        for (var operator : operators) {
            targets.add(ControlTarget.of(url, operator, authorities, Optional.of(token), loop));
        }
        loop.execute(this::open);
    }

    private void open() {
        if (!closed) {
            var target = targets.get(attempts++ % targets.size());
            stream = ControlStream.open(target, new Events(target));
        }
    }

    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            if (stream != null) {
                var _ = stream.close();
            }
        });
    }

    private final class Events implements StreamEvents {

        private final ControlTarget from;

        Events(ControlTarget from) {
            this.from = from;
        }

        // An acknowledgement on the stream gets no answer; one on a connection of its own does, which is what is
        // measured here.
        @Override
        public void config(JsonNode document, StreamUptake.Answers unanswered) {
            backoff.reset();
            listener.config(document, Instant.now());
            latest = document.path("epoch").asLong();
            acknowledge(latest, from);
        }

        @Override
        public void heartbeat() {
            backoff.reset();
        }

        @Override
        public void ended(String why, boolean misdirected) {
            listener.ended(why);
            later(StreamedSidecar.this::open);
        }
    }

    private void later(Runnable attempt) {
        if (!closed) {
            var _ = loop.schedule(attempt, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void acknowledge(long epoch, ControlTarget target) {
        var ack = new Acknowledgement(epoch, target);
        var _ = target.connect(SILENCE_SECONDS, ack).channel().closeFuture().addListener(_ -> {
            if (!ack.heard && epoch == latest) {
                later(() -> acknowledge(epoch, target));
            }
        });
    }

    /** One acknowledgement, on a connection of its own. */
    private final class Acknowledgement extends SimpleChannelInboundHandler<HttpObject> {

        private final long epoch;
        private final ControlTarget target;
        private boolean heard;

        Acknowledgement(long epoch, ControlTarget target) {
            this.epoch = epoch;
            this.target = target;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws IOException {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                var body = "{\"epoch\":%d,\"applied\":true}".formatted(epoch).getBytes(StandardCharsets.UTF_8);
                var _ = context.writeAndFlush(target.request(HttpMethod.POST, "/v1/ack", Unpooled.wrappedBuffer(body)));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse response) {
                heard = response.status().equals(HttpResponseStatus.NO_CONTENT);
                if (heard) {
                    listener.acknowledged(epoch, Instant.now());
                }
                var _ = context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
