package sluice.operator.prometheus;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import sluice.operator.testing.FreePort;

/** A real Prometheus on a free loopback port. */
public final class PrometheusProcess implements AutoCloseable {
    private final Process process;
    private final URI url;

    private PrometheusProcess(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** One that scrapes pages every second. */
    static PrometheusProcess start(Path folder, List<SidecarPage> pages) throws IOException {
        return start(folder, config(pages));
    }

    /** One with that configuration, whose data, in {@code data}, and log are kept in a folder. */
    public static PrometheusProcess start(Path folder, String configuration) throws IOException {
        int port = FreePort.find();
        Path config = Files.writeString(folder.resolve("prometheus.yml"), configuration);
        ProcessBuilder builder = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile());
        try {
            return new PrometheusProcess(builder.start(), URI.create("http://127.0.0.1:" + port));
        } catch (IOException e) {
            throw new IOException("this test needs a prometheus binary in PATH (Debian package prometheus)", e);
        }
    }

    public URI url() {
        return url;
    }

    /** Scrape jobs that attach namespace and pod, as a PodMonitor does. */
    private static String config(List<SidecarPage> pages) {
        String targets = pages.stream()
                .map(page -> "  - {targets: ['%s'], labels: {namespace: apps, pod: pod-%d}}"
                        .formatted(page.address(), pages.indexOf(page)))
                .collect(Collectors.joining("\n"));
        return """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                - job_name: sidecars
                  static_configs:
                """ + targets + "\n";
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
