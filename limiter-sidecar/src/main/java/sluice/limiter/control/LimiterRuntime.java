package sluice.limiter.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.judge.RequestJudge;
import sluice.limiter.redis.RedisMetrics;
import sluice.limiter.schedule.Repeated;

/** Everything behind the judgement of requests: configuration, identity, buckets, Redis and the operator's stream. */
public final class LimiterRuntime implements AutoCloseable {

    private static final long FILES_MILLIS = 1000;
    private static final long LEASE_MILLIS = 250;

    private final CurrentConfig config = new CurrentConfig();
    private final Lease lease = new Lease(System::nanoTime);
    private final MultiThreadIoEventLoopGroup background = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("sluice-control", true), NioIoHandler.newFactory());
    private final JudgeAssembly assembly;
    private final SwitchedJudge judge;
    private final BootstrapFile bootstrap;
    private final Optional<ControlClient> client;

    private LimiterRuntime(
            RuntimeSettings settings,
            MeterRegistry registry,
            EventLoop loop,
            Supplier<List<String>> failures,
            ControlClient.Names names) {
        assembly = new JudgeAssembly(settings.secrets(), loop, new RedisMetrics(registry));
        judge = new SwitchedJudge(loop, assembly.assemble(LimiterConfig.passThrough(), () -> true));
        var uptake = new ConfigUptake(config, assembly, judge, lease);
        bootstrap = new BootstrapFile(settings.config(), settings.reader(), uptake);
        client = settings.controlUrl()
                .map(url -> new ControlClient(
                        url,
                        settings.config().resolveSibling("ca.crt"),
                        settings.tokenFile(),
                        names,
                        background.next(),
                        uptake,
                        lease,
                        failures));
    }

    /**
     * Starts in the background what it needs; never waits for Redis or the operator.
     *
     * @param failures the last lines of the request log about failures, for a rollback's message
     */
    public static LimiterRuntime start(
            RuntimeSettings settings, MeterRegistry registry, EventLoop loop, Supplier<List<String>> failures) {
        return start(settings, registry, loop, failures, InetAddress::getAllByName);
    }

    static LimiterRuntime start(
            RuntimeSettings settings,
            MeterRegistry registry,
            EventLoop loop,
            Supplier<List<String>> failures,
            ControlClient.Names names) {
        var runtime = new LimiterRuntime(settings, registry, loop, failures, names);
        runtime.bootstrap.start(settings.validated());
        runtime.begin();
        return runtime;
    }

    private void begin() {
        var watch = new LeaseWatch(config, lease);
        every(FILES_MILLIS, new Repeated("The configuration could not be read again", bootstrap::poll));
        every(FILES_MILLIS, new Repeated("Secrets could not be read again", assembly::refreshFiles));
        every(LEASE_MILLIS, new Repeated("The lease could not be looked at", watch::check));
        client.ifPresent(ControlClient::start);
    }

    private void every(long millis, Runnable task) {
        var _ = background.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
    }

    public RequestJudge judge() {
        return judge;
    }

    public ActiveConfig config() {
        return config;
    }

    /** True while callers of the candidate arm are in the stable one because the operator has not been heard of. */
    public boolean leaseLost() {
        return lease.isLost(config.current());
    }

    /** True while the file with the configuration, as it is now, is refused. */
    public boolean configRefused() {
        return bootstrap.isRefused();
    }

    @Override
    public void close() {
        client.ifPresent(ControlClient::close);
        background.next().execute(assembly::close);
        var _ = background.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
