package sluice.limiter.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
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
 * A sidecar's side of the stream, over connections that are made as the real one makes them and with its answers, and without what a
 * configuration does to requests: thousands of them share a few event loops.
 */
public final class StreamedSidecar implements AutoCloseable {

    /** Hears, on the sidecar's event loop, what it is told. */
    public interface Listener {

        void config(JsonNode config, Instant at);

        /** A connection has ended, or did not come about; another one follows. */
        default void ended(String why) {}
    }

    private final List<ControlTarget> targets;
    private final EventLoop loop;
    private final Listener listener;
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
    private int attempts;
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
            stream = ControlStream.open(target, new Events());
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

        @Override
        public void config(JsonNode document, StreamUptake.Answers answers) {
            backoff.reset();
            listener.config(document, Instant.now());
            answers.applied(document.path("epoch").asLong(), List.of());
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
}
