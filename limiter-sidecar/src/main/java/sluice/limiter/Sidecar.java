package sluice.limiter;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.admin.AdminServer;
import sluice.limiter.admin.AdminState;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.control.LimiterRuntime;
import sluice.limiter.log.RequestLog;
import sluice.limiter.metrics.ProcessMetrics;
import sluice.limiter.metrics.SidecarMetrics;
import sluice.limiter.proxy.ProxyServer;
import sluice.limiter.proxy.ProxySettings;
import sluice.limiter.proxy.Transport;
import sluice.limiter.warmup.WarmUp;

/** The parts of a running sidecar, and how they hang together. */
public final class Sidecar implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);

    /** Within the 30 s that a pod gets by default, and what an app's preStop hook adds to them. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    /** What compiling takes on two cores; with less CPU the sidecar is ready all the same, and not as warm. */
    private static final Duration WARM_UP = Duration.ofMillis(1500);

    /** By then what is busy has been compiled twice. Only a full collection drops the first. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    /** By then the old generation has grown by a MiB or two, of which the JVM would collect nothing before it is the whole heap. */
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMinutes(5);

    private final IoEventLoopGroup dataLoop;
    private final IoEventLoopGroup adminLoop;
    private final LimiterRuntime runtime;
    private final RequestLog log;
    private final ProxyServer proxy;
    private final AdminServer admin;

    private Sidecar(
            IoEventLoopGroup dataLoop,
            IoEventLoopGroup adminLoop,
            LimiterRuntime runtime,
            RequestLog log,
            ProxyServer proxy,
            AdminServer admin) {
        this.dataLoop = dataLoop;
        this.adminLoop = adminLoop;
        this.runtime = runtime;
        this.log = log;
        this.proxy = proxy;
        this.admin = admin;
    }

    /** Starts serving, and returns when it is warm; waits for neither Redis nor the operator. */
    public static Sidecar start(SidecarSettings settings) {
        var transport = Transport.best();
        var dataLoop = transport.newLoop("data");
        var adminLoop = transport.newLoop("admin");
        var loop = (EventLoop) dataLoop.next();
        var registry = SidecarMetrics.newRegistry();
        var metrics = new SidecarMetrics(registry);
        ProcessMetrics.register(registry, Version.read());
        var log = RequestLog.start(System.out, metrics::logLineDropped);
        var runtime = LimiterRuntime.start(settings.runtime(), registry, loop, log::failures);
        var proxySettings =
                new ProxySettings(new InetSocketAddress(settings.port()), settings.upstream(), settings.proxy());
        var proxy = listening(
                "port",
                settings.port(),
                () -> ProxyServer.start(proxySettings, transport, loop, runtime.judge(), metrics, log));
        metrics.watch(runtime::leaseLost, proxy::draining, runtime::configRefused);
        runtime.config().onChange(config -> takeUp(config, metrics, proxy));
        var warm = new AtomicBoolean();
        var state = new AdminState(loop, warm::get, metrics::scrape, () -> drain(proxy), settings.drainToken());
        var admin = listening(
                "admin port",
                settings.adminPort(),
                () -> AdminServer.start(settings.adminPort(), transport.serverChannel(), adminLoop.next(), state));
        WarmUp.run(transport, loop, adminLoop.next(), WARM_UP);
        // What starting has left behind goes now, while no caller waits for it, and not in the way of one.
        System.gc();
        warm.set(true);
        var _ = adminLoop.scheduleWithFixedDelay(
                System::gc, SETTLED.toSeconds(), BETWEEN_COLLECTIONS.toSeconds(), TimeUnit.SECONDS);
        LOG.atInfo()
                .setMessage("Serving")
                .addKeyValue("port", proxy.port())
                .addKeyValue("adminPort", admin.port())
                .addKeyValue("upstream", settings.upstream())
                .addKeyValue("transport", transport.name())
                .addKeyValue("aotCache", AotCache.isInUse())
                .log();
        return new Sidecar(dataLoop, adminLoop, runtime, log, proxy, admin);
    }

    private static <T> T listening(String name, int port, Supplier<T> start) {
        try {
            return start.get();
        } catch (Exception e) {
            // Netty throws a BindException, which is checked, without declaring it.
            throw new IllegalStateException(
                    "the " + name + " " + port + " cannot be listened on: " + e.getMessage(), e);
        }
    }

    private static void takeUp(LimiterConfig config, SidecarMetrics metrics, ProxyServer proxy) {
        metrics.configured(config.rollout().name(), ConfigView.arms(config), config.epoch(), config.weight());
        proxy.trust(ConfigView.trust(config));
    }

    private static void drain(ProxyServer proxy) {
        if (!proxy.draining()) {
            proxy.drain();
            LOG.atInfo().setMessage("Draining").log();
        }
    }

    /** The data port. */
    public int port() {
        return proxy.port();
    }

    public int adminPort() {
        return admin.port();
    }

    /** Stops accepting, lets what is being served end, for 20 s at most, and writes the last log lines. */
    @Override
    public void close() {
        LOG.atInfo().setMessage("Stopping").log();
        proxy.stop(GRACE)
                .orTimeout(GRACE.toSeconds() + 1, TimeUnit.SECONDS)
                .exceptionally(_ -> null)
                .join();
        runtime.close();
        dataLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        adminLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        log.close();
    }
}
