package sluice.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A real server, started by a test and ended with it. */
final class ServerProcess implements AutoCloseable {

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    /** Starts it; what it says goes to a file in {@code folder}. */
    static ServerProcess start(Path folder, List<String> command) {
        var log = folder.resolve(command.getFirst() + ".log");
        try {
            return new ServerProcess(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "this test needs " + command.getFirst() + " in PATH; e2e/cluster/packages installs it", e);
        }
    }

    /** A Prometheus on that port of the loopback address, which begins to scrape once a second. */
    static ServerProcess prometheus(Path folder, int port, String scrapeConfigs) throws IOException {
        var config = Files.writeString(
                folder.resolve("prometheus.yaml"),
                "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n" + scrapeConfigs);
        return start(
                folder,
                List.of(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn"));
    }

    /** A port that nobody listens on, and that nobody else has been given who may not listen on it yet. */
    static int freePort() {
        while (true) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(_ -> process.destroyForcibly())
                .join();
    }
}
