package sluice.limiter.redis;

import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.limit.TokenBucket;

/** One Redis, by its Secret: the connection, what guards it, and the memory that takes its place. */
public final class RedisBackend implements AutoCloseable {

    private static final long WATCH_MILLIS = 500;

    private final EventLoop loop;
    private final RedisMetrics metrics;
    private final LongSupplier nanoTime;
    private final OutageLog log;
    private final CircuitBreaker breaker;
    private final FallbackBuckets fallback;
    private final RedisLink link;
    private final ScheduledFuture<?> watch;
    private int connection;
    private boolean closed;

    private RedisBackend(Path folder, EventLoop loop, ClientResources resources, RedisMetrics metrics) {
        this.loop = loop;
        this.metrics = metrics;
        this.nanoTime = System::nanoTime;
        this.log = new OutageLog(String.valueOf(folder.getFileName()), nanoTime);
        this.breaker = new CircuitBreaker(nanoTime);
        this.fallback = new FallbackBuckets(nanoTime);
        this.link = new RedisLink(folder, loop, new RedisConnector(loop, resources), new Events());
        this.watch = loop.scheduleWithFixedDelay(link::dropIfHung, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        metrics.fallback(this, true);
    }

    /** Starts connecting in the background, by the Secret in {@code folder}. */
    public static RedisBackend start(Path folder, EventLoop loop, ClientResources resources, RedisMetrics metrics) {
        var backend = new RedisBackend(folder, loop, resources, metrics);
        backend.refresh();
        return backend;
    }

    /** What all backends on one event loop share; to be shut down after them. */
    public static ClientResources resources(EventLoop loop) {
        return LoopRedisClient.resources(loop);
    }

    /** The buckets of one rollout, for a limiter that waits {@code timeout} and shares limits among {@code replicas}. */
    public TokenBucket buckets(RolloutRef rollout, Duration timeout, int replicas) {
        return new RedisTokenBucket(this, rollout, timeout, replicas);
    }

    /** Takes changed files of the Secret up; reads files, so not for the event loop. */
    public void refresh() {
        link.refresh();
    }

    @Override
    public void close() {
        watch.cancel(false);
        loop.execute(() -> {
            link.close();
            closed = true;
            metrics.fallback(this, false);
        });
    }

    private void fallBack(boolean active) {
        metrics.fallback(this, active && !closed);
    }

    EventLoop loop() {
        return loop;
    }

    FallbackBuckets fallback() {
        return fallback;
    }

    /** Counts the connections: another one may see other data. */
    int connection() {
        return connection;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    boolean isDeciding() {
        return link.session().isPresent() && !breaker.isOpen();
    }

    /** The connection to ask, unless it is better not to; whoever gets one reports what became of it. */
    Optional<RedisSession> admit() {
        var session = link.session();
        // While answers are owed on it, another question would only wait behind them.
        var hangs =
                breaker.isOpen() && session.flatMap(RedisSession::silentNanos).isPresent();
        return session.isPresent() && !hangs && breaker.admits() ? session : Optional.empty();
    }

    void succeeded(long nanos) {
        metrics.answered(nanos);
        breaker.succeeded();
        link.proven();
        log.back();
        fallBack(false);
    }

    void failed(FailureReason reason) {
        metrics.failed(reason);
        var opened = breaker.failed();
        if (breaker.isOpen() && !closed) {
            log.out(reason);
        }
        if (opened) {
            fallBack(true);
        }
        if (reason.wantsAnotherConnection()) {
            link.renew();
        }
    }

    /** An answer came, though too late. */
    void answeredLate() {
        breaker.probeSoon();
    }

    private final class Events implements RedisLink.Listener {
        @Override
        public void connected() {
            connection++;
            breaker.succeeded();
            fallBack(false);
        }

        @Override
        public void failed(FailureReason reason) {
            metrics.failed(reason);
            if (link.session().isEmpty()) {
                log.out(reason);
                fallBack(true);
            }
        }
    }
}
