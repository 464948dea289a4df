package sluice.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.prometheus.PrometheusProcess;
import sluice.operator.testing.RealApiServer;
import sluice.operator.testing.Replica;
import sluice.operator.testing.Replicas;

/**
 * Many rollouts in one operator, each in the middle of its canary with the default rules: how late evaluations are, what is written although
 * nothing changes, and whether memory grows. The operator is a process with the options of its image.
 */
class RolloutScaleIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final int ROLLOUTS = Integer.getInteger("scale.rollouts", 5);
    private static final int SECONDS = Integer.getInteger("scale.seconds", 15);
    private static final int SCRAPE_SECONDS = Integer.getInteger("scale.scrape", 1);
    private static final int SAMPLES = 30;
    private static final int PER_NAMESPACE = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private record App(String namespace, String name) {}

    /** At one moment of the time that is measured. */
    private record Sample(long second, long heapMib, long rssMib) {}

    @TempDir
    private Path folder = Path.of("");

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final Deliveries deliveries = new Deliveries();
    private Optional<Replicas> installation = Optional.empty();
    private final Map<String, AtomicLong> writesByRollout = new ConcurrentHashMap<>();

    private void countWrites() {
        toClose.add(client().resources(RateLimitRollout.class).inAnyNamespace().watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, RateLimitRollout rollout) {
                writesByRollout
                        .computeIfAbsent(rollout.getMetadata().getUid(), _ -> new AtomicLong())
                        .incrementAndGet();
            }

            @Override
            public void onClose(WatcherException cause) {}
        }));
    }

    @AfterEach
    void end() throws Exception {
        for (var each : toClose.reversed()) {
            each.close();
        }
    }

    @Test
    void evaluatesEveryRolloutInTimeAndWritesOnlyWhatChanges() throws IOException, InterruptedException {
        var apps = apps();
        var namespaces = apps.stream().map(App::namespace).distinct().toList();
        var exporter = closing(new SidecarExporter());
        var configuration = exporter.prometheusConfiguration(namespaces, SCRAPE_SECONDS);
        var prometheus = closing(PrometheusProcess.start(folder, configuration));
        var operator = startOperator(prometheus);
        countWrites();
        var fleet = closing(new Fleet(client(), folder));
        namespaces.forEach(fleet::prepare);
        Fleet.each(apps, app -> begin(app, fleet, operator, exporter));
        await("every canary")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> rollouts(namespaces).stream()
                                .filter(rollout -> isProgressing(rollout) && isWatched(rollout))
                                .count()
                        == ROLLOUTS);

        var before = Moment.of(operator, client(), writes());
        var samples = samples(operator);
        var after = Moment.of(operator, client(), writes());
        var liveAtEnd = Usage.liveMib(operator);

        Figures.keep("rollouts", figures(before, after, samples, liveAtEnd, operator));
        assertThat(rollouts(namespaces)).hasSize(ROLLOUTS).allMatch(RolloutScaleIT::isProgressing);
        assertThat(after.evaluations() - before.evaluations()).isPositive();
    }

    private List<App> apps() {
        var namespaces = IntStream.range(0, Math.ceilDiv(ROLLOUTS, PER_NAMESPACE))
                .mapToObj(_ -> API.newNamespace("rollouts"))
                .toList();
        return IntStream.range(0, ROLLOUTS)
                .mapToObj(i -> new App(namespaces.get(i / PER_NAMESPACE), "app-" + i))
                .toList();
    }

    private Replica startOperator(PrometheusProcess prometheus) {
        installation = Optional.of(closing(new Replicas(API, folder)));
        return MeasuredOperator.start(replicas(), """
                prometheus: {providers: {default: {url: '%s', scrapeInterval: %ds}}}
                """.formatted(prometheus.url(), SCRAPE_SECONDS));
    }

    private void begin(App app, Fleet fleet, Replica operator, SidecarExporter exporter) {
        fleet.deploy(app.namespace(), app.name(), 1);
        client().resource(rollout(app)).create();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> fleet.isInjected(app.namespace(), app.name()));
        var pods = fleet.run(app.namespace(), app.name(), 1);
        pods.forEach(pod -> exporter.add(app.namespace(), app.name(), pod, candidate(app)));
        fleet.connect(app.namespace(), app.name(), pods, replicas().namespace(), List.of(operator), deliveries::of);
    }

    private static RateLimitRollout rollout(App app) {
        return Serialization.unmarshal("""
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  targetRef: {kind: Deployment, name: %1$s}
                  limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
                  strategy: {observe: 10s, steps: [{weight: 10, hold: 24h}, {weight: 100, hold: 1h}]}
                  stopLoss: {noData: {rollBackAfter: 24h}, progressDeadline: 24h}
                """.formatted(app.name(), app.namespace()), RateLimitRollout.class);
    }

    private String candidate(App app) {
        return Optional.ofNullable(client().resources(RateLimitRollout.class)
                        .inNamespace(app.namespace())
                        .withName(app.name())
                        .get()
                        .getStatus())
                .map(RateLimitRolloutStatus::candidate)
                .map(LimiterStatus::revision)
                .orElseThrow();
    }

    private List<RateLimitRollout> rollouts(List<String> namespaces) {
        return namespaces.stream()
                .flatMap(namespace ->
                        client().resources(RateLimitRollout.class).inNamespace(namespace).list().getItems().stream())
                .toList();
    }

    private static boolean isProgressing(RateLimitRollout rollout) {
        return rollout.getStatus() != null
                && "Progressing".equals(rollout.getStatus().phase());
    }

    /** Everything is known that its rules ask for. */
    private static boolean isWatched(RateLimitRollout rollout) {
        return Stream.ofNullable(rollout.getStatus())
                .flatMap(status -> Stream.ofNullable(status.conditions()))
                .flatMap(List::stream)
                .anyMatch(condition -> condition.getType().equals("SignalsAvailable")
                        && condition.getStatus().equals("True"));
    }

    private List<Sample> samples(Replica operator) throws InterruptedException {
        var samples = new ArrayList<Sample>();
        for (var i = 1; i <= SAMPLES; i++) {
            Thread.sleep(SECONDS * 1_000L / SAMPLES);
            samples.add(new Sample((long) i * SECONDS / SAMPLES, Usage.heapMib(operator), Usage.rssMib(operator)));
        }
        return samples;
    }

    private Map<String, Object> figures(
            Moment before, Moment after, List<Sample> samples, long liveAtEnd, Replica operator) {
        var seconds = Duration.between(before.at(), after.at()).toMillis() / 1_000.0;
        var writes = after.api().since(before.api());
        var ours = writes.of(resource -> resource.startsWith("ratelimitrollouts"));
        var figures = new LinkedHashMap<String, Object>();
        figures.put("rollouts", ROLLOUTS);
        figures.put("seconds", Math.round(seconds));
        figures.put("evaluations", Math.round(after.evaluations() - before.evaluations()));
        figures.put("evaluated_every_s", rounded(ROLLOUTS * seconds / (after.evaluations() - before.evaluations())));
        figures.put("lag_p99_s", after.lag().since(before.lag()).percentile(0.99));
        figures.put(
                "evaluation_p50_s", after.duration().since(before.duration()).percentile(0.5));
        figures.put(
                "evaluation_p99_s", after.duration().since(before.duration()).percentile(0.99));
        figures.put("writes_per_rollout_and_minute", rounded(ours * 60 / seconds / ROLLOUTS));
        figures.put("most_writes_of_a_rollout", after.mostWritesSince(before));
        figures.put("writes", writes.byResource());
        figures.put("live_heap_mib", Map.of("begin", before.liveMib(), "end", liveAtEnd));
        figures.put(
                "most_heap_mib",
                samples.stream().mapToLong(Sample::heapMib).max().orElseThrow());
        figures.put(
                "rss_mib",
                Map.of(
                        "begin",
                        samples.getFirst().rssMib(),
                        "end",
                        samples.getLast().rssMib()));
        figures.put("cpu_cores", rounded((after.cpuSeconds() - before.cpuSeconds()) / seconds));
        figures.put("threads", Usage.threads(operator));
        figures.put("connections_ended", deliveries.ended());
        figures.put("samples", samples);
        return figures;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private Map<String, Long> writes() {
        return writesByRollout.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get()));
    }

    private static KubernetesClient client() {
        return API.client();
    }

    private Replicas replicas() {
        return installation.orElseThrow();
    }

    private <T extends AutoCloseable> T closing(T part) {
        toClose.add(part);
        return part;
    }
}
