package sluice.limiter.redis;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;
import sluice.limiter.limit.TokenBucket;

/** Token buckets that all pods share: one EVALSHA a decision. What Redis cannot decide in time is decided in memory. */
final class RedisTokenBucket implements TokenBucket {

    private final RedisBackend backend;
    private final RolloutRef rollout;
    private final Duration timeout;
    private final int replicas;

    RedisTokenBucket(RedisBackend backend, RolloutRef rollout, Duration timeout, int replicas) {
        this.backend = backend;
        this.rollout = rollout;
        this.timeout = timeout;
        this.replicas = replicas;
    }

    @Override
    public void take(CallerKey caller, List<Demand> demands, Consumer<Taken> then) {
        var keys = TakeScript.keys(rollout, caller, demands);
        var route = backend.admit(keys[0]);
        if (route.isPresent()) {
            new Question(caller, demands, route.get(), then).ask(keys);
        } else {
            then.accept(backend.fallback().take(caller, demands, replicas));
        }
    }

    @Override
    public Backend backend() {
        return backend.isDeciding() ? Backend.REDIS : Backend.MEMORY;
    }

    /** One decision under way; settled once, by the answer or by the deadline. */
    private final class Question {

        private final CallerKey caller;
        private final List<Demand> demands;
        private final Route route;
        private final Consumer<Taken> then;
        private final long askedAt = backend.nanoTime();
        private final ScheduledFuture<?> deadline;
        private boolean settled;

        Question(CallerKey caller, List<Demand> demands, Route route, Consumer<Taken> then) {
            this.caller = caller;
            this.demands = demands;
            this.route = route;
            this.then = then;
            this.deadline = backend.loop()
                    .schedule(() -> decideInMemory(FailureReason.TIMEOUT), timeout.toNanos(), TimeUnit.NANOSECONDS);
        }

        void ask(String[] keys) {
            var known = backend.fallback().known(caller, demands, replicas, route.connection());
            route.take(keys, TakeScript.arguments(TakeScript.REDIS_CLOCK, demands, known), this::answered);
        }

        private void answered(@Nullable List<Object> reply, @Nullable Throwable failure) {
            if (settled) {
                if (reply != null) {
                    route.answeredLate();
                }
            } else if (reply == null) {
                decideInMemory(failure == null ? FailureReason.REPLY : FailureReason.of(failure));
            } else {
                decide(reply);
            }
        }

        private void decide(List<Object> reply) {
            Taken taken;
            try {
                taken = TakeScript.taken(reply, demands.size());
            } catch (NonsenseException e) {
                decideInMemory(FailureReason.REPLY);
                return;
            }
            settle();
            backend.succeeded(route, backend.nanoTime() - askedAt);
            backend.fallback().settle(caller, demands, taken, route.connection());
            then.accept(taken);
        }

        private void decideInMemory(FailureReason reason) {
            settle();
            backend.failed(route, reason);
            then.accept(backend.fallback().take(caller, demands, replicas));
        }

        private void settle() {
            settled = true;
            deadline.cancel(false);
        }
    }
}
