package sluice.limiter.limit;

import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import sluice.limiter.config.Limit;
import sluice.limiter.config.LimitMatch;
import sluice.limiter.identity.CallerKey;

/** A token taken from a caller's bucket in memory, of a thousand callers in turn, with one limit and with three. */
@State(Scope.Benchmark)
public class InMemoryTokenBucketBenchmark {

    private static final int CALLERS = 1_000;

    private final InMemoryTokenBucket buckets = new InMemoryTokenBucket(System::nanoTime);
    private final CallerKey[] callers = callers();
    private final List<Limit> one = List.of(limit("a"));
    private final List<Limit> three = List.of(limit("a"), limit("b"), limit("c"));
    private int next;

    private static CallerKey[] callers() {
        var callers = new CallerKey[CALLERS];
        for (var i = 0; i < CALLERS; i++) {
            callers[i] = CallerKey.of("6f0c", "user:" + i);
        }
        return callers;
    }

    private static Limit limit(String name) {
        return new Limit(name, LimitMatch.ANY, 1_000_000, Duration.ofSeconds(1), 1_000_000);
    }

    private CallerKey caller() {
        next = (next + 1) % CALLERS;
        return callers[next];
    }

    @Benchmark
    public Taken oneLimit() {
        return buckets.takeNow(caller(), one, Limit::burst);
    }

    @Benchmark
    public Taken threeLimits() {
        return buckets.takeNow(caller(), three, Limit::burst);
    }
}
