package sluice.operator.scale;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import sluice.operator.testing.Replica;

/** What a replica uses, as its process and its metrics say. */
final class Usage {

    private static final long MIB = 1 << 20;
    private static final int COLLECTIONS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Usage() {}

    /** The sum of a metric's series whose text begins so. */
    static double sum(String metrics, String series) {
        return metrics.lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** A replica's metrics, asked for until they come: a page that is late says nothing, which is not zero. */
    static String metrics(Replica replica) {
        return await("the metrics of " + replica.name())
                .atMost(PATIENCE)
                .until(() -> replica.get("/metrics"), page -> !page.isEmpty());
    }

    static long heapMib(Replica replica) {
        return Math.round(sum(metrics(replica), "jvm_memory_used_bytes{area=\"heap\"") / MIB);
    }

    /** What is left of the heap after a collection: of several the least, for a replica that is at work has allocated again before it can be asked. */
    static long liveMib(Replica replica) {
        return LongStream.generate(() -> heapMibAfterCollection(replica))
                .limit(COLLECTIONS)
                .min()
                .orElseThrow();
    }

    private static long heapMibAfterCollection(Replica replica) {
        try {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            var collect = new ProcessBuilder(
                            jcmd.toString(), String.valueOf(replica.process().pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (collect.waitFor() != 0) {
                throw new IllegalStateException("jcmd ended with " + collect.exitValue());
            }
            return heapMib(replica);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static long rssMib(Replica replica) {
        return procStatus(replica, "VmRSS:") / 1024;
    }

    static long threads(Replica replica) {
        return procStatus(replica, "Threads:");
    }

    /** Of all its threads, since it began. */
    static double cpuSeconds(Replica replica) {
        return replica.process()
                .info()
                .totalCpuDuration()
                .map(spent -> spent.toMillis() / 1_000.0)
                .orElseThrow();
    }

    private static long procStatus(Replica replica, String field) {
        try (var lines =
                Files.lines(Path.of("/proc", String.valueOf(replica.process().pid()), "status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
