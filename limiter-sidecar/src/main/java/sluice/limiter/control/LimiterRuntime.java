package sluice.limiter.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.util.Optional;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestJudge;
import sluice.limiter.judge.TokenCheck;

/** Everything behind the judgement of requests: configuration, identity, buckets, Redis and the operator's stream. */
public final class LimiterRuntime implements AutoCloseable {

    private final CurrentConfig config = new CurrentConfig();

    private LimiterRuntime() {}

    /** Starts in the background what it needs; never waits for Redis or the operator. */
    public static LimiterRuntime start(RuntimeSettings settings, MeterRegistry registry, EventLoop loop) {
        return new LimiterRuntime();
    }

    public RequestJudge judge() {
        return (head, loop, then) -> then.accept(new Judgement(
                Arm.STABLE,
                LimiterConfig.passThrough().stable().revision(),
                0,
                "ip:",
                Backend.OFF,
                new Outcome.Allow(Optional.empty()),
                false,
                Optional.empty(),
                TokenCheck.ABSENT));
    }

    public ActiveConfig config() {
        return config;
    }

    /** True while callers of the candidate arm are in the stable one because the operator has not been heard of. */
    public boolean leaseLost() {
        return false;
    }

    @Override
    public void close() {}
}
