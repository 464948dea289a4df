package sluice.limiter.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The few figures of the process itself that an operator of a sidecar asks for: memory, collections, threads, CPU, start and build. Each is
 * read when it is scraped.
 */
public final class ProcessMetrics {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMetrics() {}

    /** Publishes them; {@code version} is the sidecar's. */
    public static void register(PrometheusMeterRegistry registry, String version) {
        memory(registry);
        process(registry);
        var threads = ManagementFactory.getThreadMXBean();
        gauge(registry, "jvm.threads.current", "Live threads", () -> threads.getThreadCount());
        ManagementFactory.getGarbageCollectorMXBeans().forEach(collector -> collections(registry, collector));
        registry.getPrometheusRegistry().register(new BuildInfo(version));
    }

    private static void gauge(MeterRegistry registry, String name, String help, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).register(registry);
    }

    private static void memory(MeterRegistry registry) {
        var runtime = Runtime.getRuntime();
        memory(registry, "jvm.memory.used.bytes", "heap", () -> runtime.totalMemory() - runtime.freeMemory());
        memory(registry, "jvm.memory.max.bytes", "heap", runtime::maxMemory);
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider buffers) {
            memory(
                    registry,
                    "jvm.memory.used.bytes",
                    "direct",
                    () -> buffers.metric().usedDirectMemory());
        }
    }

    private static void memory(MeterRegistry registry, String name, String area, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description("Memory of the JVM; direct is the proxy's buffers, outside of the heap")
                .tag("area", area)
                .register(registry);
    }

    private static void process(MeterRegistry registry) {
        var process = ProcessHandle.current();
        gauge(registry, "process.resident.memory.bytes", "Memory that the process has in use", () -> residentBytes());
        var started = process.info().startInstant().orElseGet(Instant::now).toEpochMilli() / 1e3;
        gauge(registry, "process.start.time.seconds", "When the process began, in seconds of the epoch", () -> started);
        FunctionCounter.builder("process.cpu.seconds", process, ProcessMetrics::cpuSeconds)
                .description("CPU time of the process, user and system")
                .register(registry);
    }

    private static double cpuSeconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    private static long residentBytes() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static void collections(MeterRegistry registry, GarbageCollectorMXBean collector) {
        FunctionTimer.builder(
                        "jvm.gc.collection",
                        collector,
                        GarbageCollectorMXBean::getCollectionCount,
                        GarbageCollectorMXBean::getCollectionTime,
                        TimeUnit.MILLISECONDS)
                .description("Collections of garbage, and the time in which nothing else ran")
                .tag("gc", collector.getName())
                .register(registry);
    }

    /** Always 1; the labels are what it says. */
    private record BuildInfo(String version) implements Collector {

        @Override
        public MetricSnapshot collect() {
            var labels = Labels.of("java", Runtime.version().toString(), "version", version);
            return InfoSnapshot.builder()
                    .name("sluice_build")
                    .help("Which sidecar this is")
                    .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build())
                    .build();
        }
    }
}
