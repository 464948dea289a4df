package sluice.bench;

import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;
import sluice.limiter.judge.RequestHead;

/** One judgement with buckets in memory: arm, identity, limits and bucket, of a thousand callers in turn. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class JudgementBenchmark {

    private static final int CALLERS = 1_000;

    private JudgeInProcess judge;
    private RequestHead[] requests;
    private int next;

    @Setup(Level.Trial)
    public void start() {
        judge = JudgeInProcess.start(1_000_000, Duration.ofSeconds(1));
        requests = new RequestHead[CALLERS];
        for (var i = 0; i < CALLERS; i++) {
            requests[i] = JudgeInProcess.request("user-" + i);
        }
    }

    @TearDown(Level.Trial)
    public void stop() {
        judge.close();
    }

    @Benchmark
    public void inMemory(Blackhole hole) {
        next = (next + 1) % CALLERS;
        judge.judge(requests[next], hole::consume);
    }
}
