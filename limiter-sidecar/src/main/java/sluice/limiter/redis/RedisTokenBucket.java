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

/**
 * Token buckets that all pods share: at most one EVALSHA a decision, none for what is leased or cannot be there yet. What Redis cannot
 * decide in time is decided in memory.
 */
final class RedisTokenBucket implements TokenBucket {

    private final RedisBackend backend;
    private final RolloutRef rollout;
    private final Duration timeout;
    private final int replicas;
    private final LocalDecisions local;

    RedisTokenBucket(RedisBackend backend, RolloutRef rollout, Duration timeout, int replicas, LocalDecisions local) {
        this.backend = backend;
        this.rollout = rollout;
        this.timeout = timeout;
        this.replicas = replicas;
        this.local = local;
    }

    @Override
    public void take(CallerKey caller, List<Demand> demands, Consumer<Taken> then) {
        var leases = local.leases(caller);
        var decided = local.decide(caller, demands, leases);
        if (decided.isPresent()) {
            // Whoever looks for what Redis did not decide looks for outages.
            then.accept(
                    new Taken(backend(), decided.get().allowed(), decided.get().levels()));
            return;
        }
        var keys = TakeScript.keys(rollout, caller, demands);
        var route = backend.admit(keys[0]);
        if (route.isPresent()) {
            var inquiry = local.inquire(caller, demands, leases, route.get().connection());
            new Question(inquiry, route.get(), then).ask(keys);
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

        private final Inquiry inquiry;
        private final Route route;
        private final Consumer<Taken> then;
        private final ScheduledFuture<?> deadline;
        private boolean settled;

        Question(Inquiry inquiry, Route route, Consumer<Taken> then) {
            this.inquiry = inquiry;
            this.route = route;
            this.then = then;
            this.deadline = backend.loop()
                    .schedule(() -> decideInMemory(FailureReason.TIMEOUT), timeout.toNanos(), TimeUnit.NANOSECONDS);
        }

        void ask(String[] keys) {
            route.take(keys, local.arguments(TakeScript.REDIS_CLOCK, inquiry), this::answered);
        }

        private void answered(@Nullable Object said, @Nullable Throwable failure) {
            if (failure != null) {
                noAnswer(FailureReason.of(failure));
                return;
            }
            TakeScript.Reply reply;
            try {
                reply = TakeScript.reply(
                        said, inquiry.demands().size(), inquiry.leases().isPresent());
            } catch (NonsenseException e) {
                noAnswer(FailureReason.REPLY);
                return;
            }
            answered(reply);
        }

        private void answered(TakeScript.Reply reply) {
            // A cluster may have sent the question to another server.
            var there = inquiry.on(route.connection());
            if (settled) {
                route.answeredLate();
                local.leased(there, reply);
                return;
            }
            settle();
            backend.succeeded(route, backend.nanoTime() - inquiry.askedAt());
            local.answered(there, reply);
            then.accept(reply.taken());
        }

        private void noAnswer(FailureReason reason) {
            local.unanswered(inquiry);
            if (!settled) {
                decideInMemory(reason);
            }
        }

        private void decideInMemory(FailureReason reason) {
            settle();
            backend.failed(route, reason);
            then.accept(backend.fallback().take(inquiry.caller(), inquiry.demands(), replicas));
        }

        private void settle() {
            settled = true;
            deadline.cancel(false);
        }
    }
}
