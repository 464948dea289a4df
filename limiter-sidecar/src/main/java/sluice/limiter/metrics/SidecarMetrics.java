package sluice.limiter.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Judgement;

/** All that the proxy counts. Meters are looked up once per configuration; a request only increments them. */
public final class SidecarMetrics {

    // The thresholds of the default rules and gates, 120 ms and 300 ms, must be bounds: a quantile is exact only there.
    private static final List<Duration> APP_BOUNDS = Stream.of(
                    5, 10, 25, 50, 75, 100, 120, 150, 200, 250, 300, 400, 500, 750, 1_000, 2_500, 5_000, 10_000, 30_000)
            .map(Duration::ofMillis)
            .toList();

    private static final List<Duration> LIMITER_BOUNDS = Stream.of(
                    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 50_000, 100_000)
            .map(micros -> Duration.ofNanos(micros * 1_000L))
            .toList();

    /** What is in force; replaced as a whole, so that a reader sees one configuration or the other. */
    private record InForce(String rollout, long epoch, int weight, List<ArmMeters> arms) {}

    private final PrometheusMeterRegistry registry;
    private final BusiestIdentity busiest = new BusiestIdentity(System.nanoTime());
    private final HistogramFamily appLatency =
            new HistogramFamily("sluice_app_latency_seconds", "Time to the head of the app's answer", APP_BOUNDS);
    private final Map<Arm, LatencyHistogram> limiterDuration = new EnumMap<>(Arm.class);
    private final Counter droppedLogLines;
    private final Counter endedClients;
    private volatile InForce inForce = new InForce("", 0, 0, List.of());

    /** A registry that writes both formats as they are specified. */
    public static PrometheusMeterRegistry newRegistry() {
        return new PrometheusMeterRegistry(new BucketExemplars());
    }

    public SidecarMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
        registry.getPrometheusRegistry().register(appLatency);
        registry.getPrometheusRegistry().register(limiterDurations());
        droppedLogLines = Counter.builder("sluice.log.dropped")
                .description("Lines of the request log that were dropped, for nobody read them fast enough")
                .register(registry);
        endedClients = Counter.builder("sluice.clients.ended")
                .description(
                        "Connections of clients that were ended because all together kept more than there is memory for")
                .register(registry);
        gauge("sluice.busiest.identity.ratio", "Share of the last minute's requests of one caller", busiest::ratio);
        gauge("sluice.config.epoch", "Epoch of the configuration in force", () -> inForce.epoch());
        gauge("sluice.config.weight", "Share of callers in the candidate arm, in percent", () -> inForce.weight());
    }

    private HistogramFamily limiterDurations() {
        var durations = new HistogramFamily(
                "sluice_limiter_duration_seconds", "Time that the limiter added to requests", LIMITER_BOUNDS);
        for (var arm : Arm.values()) {
            limiterDuration.put(arm, durations.get("arm", arm.label()));
        }
        return durations;
    }

    private void gauge(String name, String help, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).register(registry);
    }

    /** Publishes {@code sluice_lease_lost}, {@code sluice_draining} and {@code sluice_config_refused}. */
    public void watch(BooleanSupplier leaseLost, BooleanSupplier draining, BooleanSupplier configRefused) {
        flag(
                "sluice.lease.lost",
                "1 while the candidate's callers are in the stable arm for want of the operator",
                leaseLost);
        flag("sluice.draining", "1 once the sidecar is to end", draining);
        flag("sluice.config.refused", "1 while the newest text of the configuration's file is refused", configRefused);
    }

    private void flag(String name, String help, BooleanSupplier value) {
        gauge(name, help, () -> value.getAsBoolean() ? 1 : 0);
    }

    /**
     * Takes up a configuration: every series of {@code arms} is there at once, with zero when it is new, and those of other
     * revisions are gone.
     *
     * @param weight the share of callers in the candidate arm, in percent
     */
    public synchronized void configured(String rollout, List<ArmRevision> arms, long epoch, int weight) {
        var before = inForce.arms();
        var now = new ArrayList<ArmMeters>();
        for (var arm : arms) {
            var known = find(before, arm.arm(), arm.revision());
            var meters = known != null ? known : new ArmMeters(registry, appLatency, arm);
            meters.announce(arm.limits());
            now.add(meters);
        }
        inForce = new InForce(rollout, epoch, weight, List.copyOf(now));
        before.stream().filter(meters -> !now.contains(meters)).forEach(ArmMeters::remove);
    }

    /** The meters for a request, or null when its revision is no longer in force: nobody would read them. */
    public @Nullable ArmMeters of(Judgement judgement) {
        var current = inForce;
        var known = find(current.arms(), judgement.arm(), judgement.revision());
        // Judged by a configuration that has not been announced here yet: its requests must not be lost.
        return known == null && judgement.epoch() > current.epoch() ? early(judgement) : known;
    }

    private synchronized @Nullable ArmMeters early(Judgement judgement) {
        var current = inForce;
        var known = find(current.arms(), judgement.arm(), judgement.revision());
        if (known != null || judgement.epoch() <= current.epoch()) {
            return known;
        }
        var added =
                new ArmMeters(registry, appLatency, new ArmRevision(judgement.arm(), judgement.revision(), List.of()));
        var arms = new ArrayList<>(current.arms());
        arms.add(added);
        inForce = new InForce(current.rollout(), current.epoch(), current.weight(), List.copyOf(arms));
        return added;
    }

    private static @Nullable ArmMeters find(List<ArmMeters> all, Arm arm, String revision) {
        for (var i = 0; i < all.size(); i++) {
            var meters = all.get(i);
            if (meters.of().arm() == arm && meters.of().revision().equals(revision)) {
                return meters;
            }
        }
        return null;
    }

    /** Records a judgement and the time it took, in nanoseconds. On the event loop. */
    public void judged(Judgement judgement, long nanos, String requestId) {
        requireNonNull(limiterDuration.get(judgement.arm())).record(nanos, requestId, System.currentTimeMillis());
        busiest.seen(judgement.key());
    }

    public void logLineDropped() {
        droppedLogLines.increment();
    }

    /** A client has been ended because there was no memory for all that clients kept. */
    public void clientEnded() {
        endedClients.increment();
    }

    /** Takes the time, in {@code System.nanoTime()}, about once a second. On the event loop. */
    public void tick(long now) {
        busiest.tick(now);
    }

    /** Everything, in that format. */
    public String scrape(MetricsFormat format) {
        return RolloutLabel.addTo(registry.scrape(format.contentType()), inForce.rollout());
    }
}
