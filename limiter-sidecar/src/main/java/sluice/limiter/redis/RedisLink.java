package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to Redis up, in the background: one attempt at a time, with growing delays, by the Secret's files as they are
 * now. A new connection replaces the old one only once it works. State is confined to the event loop.
 */
final class RedisLink {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);
    private static final long HUNG_NANOS = Duration.ofSeconds(3).toNanos();

    /** Hears, on the event loop, what becomes of the connection. */
    interface Listener {
        void connected();

        void failed(FailureReason reason);
    }

    private final Path folder;
    private final EventLoop loop;
    private final RedisConnector connector;
    private final Listener listener;
    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);
    private volatile Optional<RedisSecret> secret = Optional.empty();
    private volatile boolean read;
    private @Nullable RedisSession session;
    private boolean waiting;
    private boolean connecting;
    private boolean changed;
    private boolean closed;

    RedisLink(Path folder, EventLoop loop, RedisConnector connector, Listener listener) {
        this.folder = folder;
        this.loop = loop;
        this.connector = connector;
        this.listener = listener;
    }

    /** The connection, when there is one that works. */
    Optional<RedisSession> session() {
        return Optional.ofNullable(session).filter(RedisSession::isOpen);
    }

    /** Reads the Secret's files and connects anew when they have changed. Reads files: not for the event loop. */
    void refresh() {
        Optional<RedisSecret> found;
        try {
            found = RedisSecret.read(folder);
        } catch (IOException e) {
            // The next refresh finds them at rest.
            return;
        }
        if (!read || !found.equals(secret)) {
            read = true;
            secret = found;
            tell(found);
            loop.execute(() -> {
                backoff.reset();
                changed = connecting;
                connect();
            });
        }
    }

    private void tell(Optional<RedisSecret> found) {
        var problem = found.flatMap(RedisSecret::problem);
        if (problem.isPresent()) {
            LOG.warn("Redis Secret {} cannot be used: {}", folder.getFileName(), problem.get());
        } else {
            LOG.info("Redis Secret {}: {}", found.isPresent() ? "read" : "missing", folder.getFileName());
        }
    }

    /** Replaces the connection by another one, after a delay. */
    void renew() {
        if (!waiting && !connecting) {
            waiting = true;
            var _ = loop.schedule(
                    () -> {
                        waiting = false;
                        connect();
                    },
                    backoff.next().toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Redis has decided something: the next trouble is a new one. */
    void proven() {
        backoff.reset();
    }

    /** Gives a connection up that has not answered for long: its server may be gone without a word. */
    void dropIfHung() {
        if (session != null && session.silentNanos().orElse(0L) > HUNG_NANOS) {
            session.close();
        }
    }

    void close() {
        closed = true;
        if (session != null) {
            session.close();
        }
    }

    private void connect() {
        if (connecting || closed) {
            return;
        }
        if (secret.isEmpty()) {
            // Nothing to try before the files change.
            listener.failed(FailureReason.SECRET);
            return;
        }
        connecting = true;
        var _ = connector.connect(secret.get(), this::lost).whenCompleteAsync(this::connected, loop);
    }

    private void connected(@Nullable RedisSession ready, @Nullable Throwable failure) {
        connecting = false;
        if (ready != null) {
            install(ready);
        } else if (!closed) {
            // Never the failure itself: what it quotes is not known.
            var reason = failure == null ? FailureReason.DISCONNECTED : FailureReason.of(failure);
            listener.failed(reason);
            if (reason != FailureReason.SECRET) {
                renew();
            }
        }
        if (changed) {
            changed = false;
            connect();
        }
    }

    private void install(RedisSession ready) {
        var old = session;
        session = ready;
        if (old != null) {
            old.close();
        }
        if (closed) {
            ready.close();
        } else if (ready.isOpen()) {
            listener.connected();
        } else {
            lost(ready);
        }
    }

    private void lost(RedisSession gone) {
        if (gone == session && !closed) {
            session = null;
            listener.failed(FailureReason.DISCONNECTED);
            renew();
        }
    }
}
