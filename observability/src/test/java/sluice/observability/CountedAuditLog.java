package sluice.observability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An audit log to which the recorded lines are written again and again, and an mtail that counts them. */
final class CountedAuditLog implements AutoCloseable {

    static final Path PROGRAM = Path.of("..", "e2e", "around", "waf.d", "audit.mtail");

    private final int port = ServerProcess.freePort();
    private final ServerProcess mtail;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();

    CountedAuditLog(Path folder) throws IOException {
        var log = Files.createFile(folder.resolve("waf-audit.log"));
        mtail = ServerProcess.start(
                folder,
                List.of(
                        "mtail",
                        "-address=127.0.0.1",
                        "-port=" + port,
                        "-emit_prog_label=false",
                        "-logtostderr",
                        "-progs=" + PROGRAM,
                        "-logs=" + log));
        var _ = writer.scheduleWithFixedDelay(() -> append(log), 0, 500, TimeUnit.MILLISECONDS);
    }

    String scrapeConfig() {
        return "- job_name: waf\n  static_configs: [{targets: ['127.0.0.1:%d']}]\n".formatted(port);
    }

    static List<String> recorded() {
        try (var lines = CountedAuditLog.class.getResourceAsStream("waf-audit.jsonl")) {
            return new String(requireNonNull(lines).readAllBytes(), UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(Path log) {
        try {
            Files.write(log, recorded(), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        writer.shutdownNow();
        mtail.close();
    }
}
