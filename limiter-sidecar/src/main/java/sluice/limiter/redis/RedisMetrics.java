package sluice.limiter.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The figures about Redis. All exist from the start, so that nothing happening is told from nothing known. */
public final class RedisMetrics {

    private final Timer duration;
    private final Map<FailureReason, Counter> failures = new EnumMap<>(FailureReason.class);
    private final Set<Object> inFallback = ConcurrentHashMap.newKeySet();

    public RedisMetrics(MeterRegistry registry) {
        duration = Timer.builder("sluice.redis.duration")
                .description("Time that Redis took for one decision")
                .serviceLevelObjectives(
                        Duration.ofNanos(500_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100))
                .register(registry);
        for (var reason : FailureReason.values()) {
            failures.put(
                    reason,
                    Counter.builder("sluice.redis.failures")
                            .description("Decisions and connections that Redis failed")
                            .tag("reason", reason.label())
                            .register(registry));
        }
        Gauge.builder("sluice.fallback.active", inFallback, set -> set.isEmpty() ? 0 : 1)
                .description("1 while decisions that should be taken in Redis are taken in memory")
                .register(registry);
    }

    void answered(long nanos) {
        duration.record(Duration.ofNanos(nanos));
    }

    void failed(FailureReason reason) {
        var counter = failures.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    void fallback(Object backend, boolean active) {
        if (active) {
            inFallback.add(backend);
        } else {
            inFallback.remove(backend);
        }
    }
}
