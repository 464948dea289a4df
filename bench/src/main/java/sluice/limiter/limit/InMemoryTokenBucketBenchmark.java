package sluice.limiter.limit;

import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import sluice.limiter.config.BucketSize;
import sluice.limiter.identity.CallerKey;

/** A token taken from a caller's bucket in memory, of a thousand callers in turn, with one limit and with three. */
@State(Scope.Benchmark)
public class InMemoryTokenBucketBenchmark {

    private static final int CALLERS = 1_000;

    private final InMemoryTokenBucket buckets = new InMemoryTokenBucket(System::nanoTime);
    private final CallerKey[] callers = callers();
    private final List<Demand> one = List.of(demand("a"));
    private final List<Demand> three = List.of(demand("a"), demand("b"), demand("c"));
    private int next;

    private static CallerKey[] callers() {
        var callers = new CallerKey[CALLERS];
        for (var i = 0; i < CALLERS; i++) {
            callers[i] = CallerKey.of("6f0c", "user:" + i);
        }
        return callers;
    }

    private static Demand demand(String limit) {
        return new Demand(limit, new BucketSize(1_000_000, Duration.ofSeconds(1), 1_000_000, 1), 1);
    }

    private CallerKey caller() {
        next = (next + 1) % CALLERS;
        return callers[next];
    }

    @Benchmark
    public Taken oneLimit() {
        return buckets.takeNow(caller(), one);
    }

    @Benchmark
    public Taken threeLimits() {
        return buckets.takeNow(caller(), three);
    }
}
