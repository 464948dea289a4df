package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.TokenCheck;
import sluice.limiter.redis.RedisMetrics;

class ConfigUptakeTest {

    private static final Judgement ALLOWED = new Judgement(
            Arm.STABLE,
            "off",
            1,
            "ip:",
            Backend.OFF,
            new Outcome.Allow(Optional.empty()),
            false,
            Optional.empty(),
            TokenCheck.ABSENT);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final List<Runnable> underWay = new CopyOnWriteArrayList<>();
    private final SwitchedJudge judge =
            new SwitchedJudge(loop, (head, on, then) -> underWay.add(() -> then.accept(ALLOWED)));
    private final JudgeAssembly assembly;
    private final ConfigUptake uptake;

    ConfigUptakeTest(@TempDir Path secrets) {
        assembly = new JudgeAssembly(secrets, loop, new RedisMetrics(new SimpleMeterRegistry()));
        uptake = new ConfigUptake(new CurrentConfig(), assembly, judge, new Lease(System::nanoTime));
    }

    @AfterEach
    void end() {
        assembly.close();
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static LimiterConfig config(long epoch) {
        return LimiterConfigParser.parse("""
                {"version": 1, "rollout": {"namespace": "apps", "name": "api", "uid": "6f0c"}, "epoch": %d, "weight": 0,
                 "stable": {"revision": "off", "backend": "Off"}, "replicas": 1}
                """.formatted(epoch));
    }

    private CompletableFuture<Void> take(long epoch) {
        return uptake.fromStream(config(epoch)).orElseThrow();
    }

    private void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    private void beginRequest() {
        onLoop(() -> judge.judge(
                new RequestHead("GET", "/", new DefaultHttpHeaders(), InetAddress.getLoopbackAddress()),
                loop,
                judgement -> {}));
    }

    @Test
    void whatIsToldAgainIsInForceOnlyWhenTheRequestsBeforeItAreJudged() {
        beginRequest();

        var first = take(5);
        var afterAReconnect = take(5);
        onLoop(() -> {});
        assertThat(first).isNotDone();
        assertThat(afterAReconnect).isNotDone();

        onLoop(underWay.getFirst());
        await().atMost(Duration.ofSeconds(20)).until(afterAReconnect::isDone);
    }

    @Test
    void aSecondChangeIsInForceOnlyWhenTheRequestsOfAllBeforeItAreJudged() {
        beginRequest();

        var _ = take(5);
        var second = take(6);
        onLoop(() -> {});
        assertThat(second).isNotDone();

        onLoop(underWay.getFirst());
        await().atMost(Duration.ofSeconds(20)).until(second::isDone);
    }

    @Test
    void whatIsToldAgainLaterIsInForceAtOnce() {
        var first = take(5);
        await().atMost(Duration.ofSeconds(20)).until(first::isDone);

        assertThat(take(5)).isDone();
    }
}
