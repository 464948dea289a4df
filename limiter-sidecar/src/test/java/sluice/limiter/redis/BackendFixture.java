package sluice.limiter.redis;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;
import sluice.limiter.limit.TokenBucket;

/** One sidecar's way to Redis, on an event loop of its own. */
final class BackendFixture implements AutoCloseable {

    static final RolloutRef ROLLOUT = new RolloutRef("apps", "api", "6f0c");

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RedisBackend backend;
    private final int replicas;
    private final Duration timeout;
    private volatile TokenBucket buckets;

    /** The timeout is generous by default: a busy machine must not look like an outage. */
    BackendFixture(Path secret, int replicas) {
        this(secret, replicas, Duration.ofSeconds(1));
    }

    BackendFixture(Path secret, int replicas, Duration timeout) {
        backend = RedisBackend.start(secret, loop, new RedisMetrics(registry));
        this.replicas = replicas;
        this.timeout = timeout;
        buckets = backend.buckets(ROLLOUT, timeout, replicas);
    }

    /** The same limits, by a new configuration. */
    void reconfigure() {
        buckets = backend.buckets(ROLLOUT, timeout, replicas);
    }

    /** One token, of a bucket of this size. */
    static Demand demand(String limit, long tokens, Duration period, long burst) {
        return new Demand(limit, new BucketSize(tokens, period, burst, 1), 1);
    }

    static CallerKey caller(String user) {
        return CallerKey.of(ROLLOUT.uid(), "user:" + user);
    }

    Taken take(String user, Demand... demands) {
        var taken = new CompletableFuture<Taken>();
        loop.execute(() -> buckets.take(caller(user), List.of(demands), decided -> {
            if (loop.inEventLoop()) {
                taken.complete(decided);
            } else {
                taken.completeExceptionally(new IllegalStateException("decided on " + Thread.currentThread()));
            }
        }));
        try {
            return taken.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no decision", e);
        }
    }

    Backend backendOf(String user, Demand... demands) {
        return take(user, demands).backend();
    }

    /** Waits until Redis decides, asked for a caller of no interest. */
    BackendFixture awaitRedis() {
        var probe = demand("probe", 1_000_000, Duration.ofSeconds(1), 1_000_000);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> backendOf("probe", probe) == Backend.REDIS);
        return this;
    }

    void awaitMemory() {
        var probe = demand("probe", 1_000_000, Duration.ofSeconds(1), 1_000_000);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> backendOf("probe", probe) == Backend.MEMORY);
    }

    void refresh() {
        backend.refresh();
    }

    boolean isDeciding() {
        return backend.isDeciding();
    }

    double failures(FailureReason reason) {
        return registry.get("sluice.redis.failures")
                .tag("reason", reason.label())
                .counter()
                .count();
    }

    double fallbackActive() {
        return registry.get("sluice.fallback.active").gauge().value();
    }

    long decisions() {
        return registry.get("sluice.redis.duration").timer().count();
    }

    @Override
    public void close() {
        backend.close();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
