package sluice.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.control.LimiterRuntime;
import sluice.limiter.control.RuntimeSettings;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.RequestHead;

/** The sidecar's whole judgement with buckets in memory, as the proxy has it, without the proxy. One thread at a time. */
final class JudgeInProcess implements AutoCloseable {

    private final Path folder;
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = (EventLoop) loops.next();
    private final LimiterRuntime runtime;

    private JudgeInProcess(Path folder, Path config) {
        this.folder = folder;
        var settings =
                new RuntimeSettings(config, LimiterConfigParser::parse, Optional.empty(), Optional.empty(), folder);
        this.runtime = LimiterRuntime.start(settings, new SimpleMeterRegistry(), loop, List::of);
    }

    /** A judge that lets each caller have {@code tokens} requests in {@code period}, and save as many up. */
    static JudgeInProcess start(long tokens, Duration period) {
        try {
            var folder = Files.createTempDirectory("sluice-bench");
            return new JudgeInProcess(
                    folder, Files.writeString(folder.resolve("limiter.json"), config(tokens, period)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String config(long tokens, Duration period) {
        return """
                {"version": 1, "rollout": {"namespace": "bench", "name": "bench", "uid": "6f0c"}, "epoch": 1, "weight": 0,
                 "armIdentity": {"userHeader": "X-User-Id", "trustedProxies": ["127.0.0.0/8"], "ipv6Prefix": 64},
                 "stable": {"revision": "0123456789", "backend": "Memory", "enforcement": "Enforce", "exemptPaths": [],
                  "limits": [{"name": "api", "match": {"path": null, "pathPrefix": "/", "methods": [], "headers": {}},
                              "tokens": %d, "periodMillis": %d, "burst": %d}],
                  "identity": {"userHeader": "X-User-Id", "trustedProxies": ["127.0.0.0/8"], "ipv6Prefix": 64}},
                 "replicas": 1}
                """.formatted(tokens, period.toMillis(), tokens);
    }

    /** A request of {@code user}, as it comes from a client that sends the usual headers. */
    static RequestHead request(String user) {
        var headers = new DefaultHttpHeaders()
                .add("Host", "scholarships.example")
                .add("User-Agent", "bench/1.0")
                .add("Accept", "application/json")
                .add("X-User-Id", user);
        return new RequestHead("GET", "/api/scholarships/4711", headers, InetAddress.getLoopbackAddress());
    }

    /** Judges at once: buckets in memory have nothing to wait for. */
    void judge(RequestHead head, Consumer<Judgement> then) {
        runtime.judge().judge(head, loop, then);
    }

    /** Runs {@code task} where the sidecar judges, and waits for its end. */
    void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    @Override
    public void close() {
        runtime.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        try {
            Files.deleteIfExists(folder.resolve("limiter.json"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
