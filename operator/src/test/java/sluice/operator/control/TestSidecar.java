package sluice.operator.control;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.control.LimiterRuntime;
import sluice.limiter.control.RuntimeSettings;

/** The real sidecar's own half of the stream, without its proxy. */
public final class TestSidecar implements AutoCloseable {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final LimiterRuntime runtime;

    /**
     * Connects in the background.
     *
     * @param folder an empty one for its files
     */
    public TestSidecar(Path folder, TestCertificate certificate, int port, String token) {
        this(folder, certificate, port, token, List::of);
    }

    /** One whose log has these lines of failures. */
    TestSidecar(Path folder, TestCertificate certificate, int port, String token, Supplier<List<String>> failures) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("ca.crt"), certificate.pem());
            var tokenFile = Files.writeString(folder.resolve("token"), token);
            runtime = LimiterRuntime.start(
                    new RuntimeSettings(
                            folder.resolve("limiter.json"),
                            LimiterConfigParser::parse,
                            Optional.of(URI.create("https://localhost:" + port)),
                            Optional.of(tokenFile),
                            folder.resolve("secrets")),
                    new SimpleMeterRegistry(),
                    loops.next(),
                    failures);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it does now. */
    public LimiterConfig config() {
        return runtime.config().current();
    }

    /** Whether it has left the candidate because nobody watches. */
    public boolean leaseLost() {
        return runtime.leaseLost();
    }

    @Override
    public void close() {
        runtime.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
