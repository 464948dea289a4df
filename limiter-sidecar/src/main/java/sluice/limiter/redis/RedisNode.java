package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One server that decides: keeps one connection to it up, in the background, one attempt at a time and with growing delays, and has the
 * breaker that guards it. A new connection replaces the old one only once it works. Everything happens on the event loop.
 */
final class RedisNode {

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);
    private static final Duration PARTING = Duration.ofSeconds(1);
    private static final long HUNG_NANOS = Duration.ofSeconds(3).toNanos();

    /** Hears what becomes of the connection. */
    interface Listener {
        void connected();

        void failed(FailureReason reason);
    }

    /** Makes a connection to the server; the argument is to hear of its end. */
    @FunctionalInterface
    interface Dialer {
        CompletableFuture<RedisSession> dial(Consumer<RedisSession> lost);
    }

    private final RedisAddress address;
    private final Dialer dialer;
    private final EventLoop loop;
    private final Listener listener;
    private final CircuitBreaker breaker = new CircuitBreaker(System::nanoTime);
    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);
    private @Nullable RedisSession session;
    private boolean waiting;
    private boolean connecting;
    private boolean tried;
    private boolean retired;

    RedisNode(RedisAddress address, Dialer dialer, EventLoop loop, Listener listener) {
        this.address = address;
        this.dialer = dialer;
        this.loop = loop;
        this.listener = listener;
    }

    RedisAddress address() {
        return address;
    }

    /** The connection, when there is one that works. */
    Optional<RedisSession> session() {
        return Optional.ofNullable(session).filter(RedisSession::isOpen);
    }

    /** True once the first attempt to connect is over. */
    boolean isTried() {
        return tried;
    }

    boolean isDeciding() {
        return session().isPresent() && !breaker.isOpen();
    }

    /** The connection to ask, unless it is better not to; whoever gets one reports what became of it. */
    Optional<RedisSession> admit() {
        var open = session();
        // While answers are owed on it, another question would only wait behind them.
        var hangs = breaker.isOpen() && open.flatMap(RedisSession::silentNanos).isPresent();
        return open.isPresent() && !hangs && breaker.admits() ? open : Optional.empty();
    }

    /** The server has decided: the next trouble is a new one. */
    void succeeded() {
        breaker.succeeded();
        backoff.reset();
    }

    /** What was admitted came to nothing; true when the breaker is open by now. */
    boolean failed(FailureReason reason) {
        if (reason.wantsAnotherConnection()) {
            renew();
        }
        if (reason.isOfTheKeys()) {
            breaker.succeeded();
        } else {
            breaker.failed();
        }
        return breaker.isOpen();
    }

    /** An answer came, though too late. */
    void answeredLate() {
        breaker.probeSoon();
    }

    void connect() {
        if (connecting || retired) {
            return;
        }
        connecting = true;
        var _ = dialer.dial(this::lost).whenCompleteAsync(this::connected, loop);
    }

    private void connected(@Nullable RedisSession ready, @Nullable Throwable failure) {
        connecting = false;
        tried = true;
        if (ready != null) {
            install(ready);
        } else if (!retired) {
            // Never the failure itself: what it quotes is not known.
            listener.failed(failure == null ? FailureReason.DISCONNECTED : FailureReason.of(failure));
            renew();
        }
    }

    private void install(RedisSession ready) {
        var old = session;
        session = ready;
        if (old != null) {
            old.close();
        }
        if (retired) {
            ready.close();
        } else if (ready.isOpen()) {
            breaker.succeeded();
            listener.connected();
        } else {
            lost(ready);
        }
    }

    private void lost(RedisSession gone) {
        if (gone == session && !retired) {
            session = null;
            listener.failed(FailureReason.DISCONNECTED);
            renew();
        }
    }

    /** Replaces the connection by another one, after a delay. */
    void renew() {
        if (!waiting && !connecting && !retired) {
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

    /**
     * Gives a connection up that has not answered for long: its server may be gone without a word. And forgets an outage whose end nobody
     * has asked for: no decision is made in memory then, as the metric would go on to say.
     */
    void watch() {
        if (session != null && session.silentNanos().orElse(0L) > HUNG_NANOS) {
            session.close();
        } else if (session().isPresent() && breaker.forgets()) {
            listener.connected();
        }
    }

    /** Uses the connection as long as it lasts, and makes no other. */
    void connectNoMore() {
        retired = true;
    }

    /** Closes the connection, when what is under way has been answered. */
    void retire() {
        connectNoMore();
        var _ = loop.schedule(this::close, PARTING.toMillis(), TimeUnit.MILLISECONDS);
    }

    void close() {
        retired = true;
        if (session != null) {
            session.close();
        }
    }
}
