package sluice.limiter.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.function.Consumer;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.RequestJudge;
import sluice.limiter.redis.RedisBackend;
import sluice.limiter.redis.RedisMetrics;

/** Judges by the real parts and a configuration that is not in force, with buckets of its own. */
public final class RehearsalJudge implements RequestJudge, AutoCloseable {

    private final EventLoop loop;
    private final JudgeAssembly assembly;
    private final RequestJudge judge;

    private RehearsalJudge(EventLoop loop, JudgeAssembly assembly, RequestJudge judge) {
        this.loop = loop;
        this.assembly = assembly;
        this.judge = judge;
    }

    public static RehearsalJudge of(LimiterConfig config, Path secrets, MeterRegistry registry, EventLoop loop) {
        var assembly = new JudgeAssembly(secrets, loop, new RedisMetrics(registry), RedisBackend::rehearse);
        return new RehearsalJudge(loop, assembly, assembly.assemble(config, () -> true));
    }

    @Override
    public void judge(RequestHead head, EventLoop loop, Consumer<Judgement> then) {
        judge.judge(head, loop, then);
    }

    /** Returns when its connections have been told to close. */
    @Override
    public void close() {
        assembly.close();
        loop.submit(() -> {}).syncUninterruptibly();
    }
}
