package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.limit.TokenBucket;
import sluice.limiter.schedule.Repeated;

/** One Redis, by its Secret: the way to its servers, and the memory that takes their place. */
public final class RedisBackend implements AutoCloseable {

    private static final long WATCH_MILLIS = 500;

    private final EventLoop loop;
    private final RedisMetrics metrics;
    private final LongSupplier nanoTime;
    private final OutageLog log;
    private final FallbackBuckets fallback;
    private final RedisLink link;
    private final ScheduledFuture<?> watch;
    private final AtomicInteger configurations = new AtomicInteger();
    private boolean fallingBack = true;
    private boolean closed;

    private RedisBackend(Path folder, EventLoop loop, RedisMetrics metrics, OutageLog log) {
        this.loop = loop;
        this.metrics = metrics;
        this.nanoTime = System::nanoTime;
        this.log = log;
        this.fallback = new FallbackBuckets(nanoTime);
        this.link = new RedisLink(folder, loop, new RedisConnector(loop), new Events());
        var watching = new Repeated("Redis could not be watched", link::watch);
        this.watch = loop.scheduleWithFixedDelay(watching, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        metrics.fallback(this, true);
    }

    /** Starts connecting in the background, by the Secret in {@code folder}. */
    public static RedisBackend start(Path folder, EventLoop loop, RedisMetrics metrics) {
        var log = new OutageLog(String.valueOf(folder.getFileName()), System::nanoTime);
        return started(new RedisBackend(folder, loop, metrics, log));
    }

    /** As {@link #start}, for a Redis that nobody misses: its outages are not told. */
    public static RedisBackend rehearse(Path folder, EventLoop loop, RedisMetrics metrics) {
        var log = OutageLog.silent(System::nanoTime);
        return started(new RedisBackend(folder, loop, metrics, log));
    }

    private static RedisBackend started(RedisBackend backend) {
        backend.refresh();
        return backend;
    }

    /** The buckets of one rollout, for a limiter that waits {@code timeout} and shares limits among {@code replicas}. */
    public TokenBucket buckets(RolloutRef rollout, Duration timeout, int replicas) {
        var local = new LocalDecisions(fallback, configurations.incrementAndGet(), replicas, nanoTime);
        return new RedisTokenBucket(this, rollout, timeout, replicas, local);
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
        fallingBack = active;
        metrics.fallback(this, active && !closed);
    }

    EventLoop loop() {
        return loop;
    }

    FallbackBuckets fallback() {
        return fallback;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    boolean isDeciding() {
        return link.isDeciding();
    }

    /** The way to ask the server that has this key, unless it is better not to; whoever gets one reports what became of it. */
    Optional<Route> admit(String key) {
        return link.route(key);
    }

    void succeeded(Route route, long nanos) {
        metrics.answered(nanos);
        route.succeeded();
        if (fallingBack && link.isDeciding()) {
            fallBack(false);
        }
        if (!fallingBack) {
            log.back();
        }
    }

    void failed(Route route, FailureReason reason) {
        metrics.failed(reason);
        if (route.failed(reason) && !closed) {
            log.out(reason);
            fallBack(true);
        }
    }

    private final class Events implements RedisNode.Listener {
        @Override
        public void connected() {
            if (link.isDeciding()) {
                fallBack(false);
            }
        }

        @Override
        public void failed(FailureReason reason) {
            metrics.failed(reason);
            if (!link.isDeciding()) {
                log.out(reason);
                fallBack(true);
            }
        }
    }
}
