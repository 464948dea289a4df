package sluice.limiter.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Judgement;

/** All that the proxy counts. Meters are looked up once per configuration; a request only increments them. */
public final class SidecarMetrics {

    private static final Duration[] LIMITER_BOUNDS =
            List.of(50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 50_000, 100_000).stream()
                    .map(micros -> Duration.ofNanos(micros * 1_000L))
                    .toArray(Duration[]::new);

    /** What is in force; replaced as a whole, so that a reader sees one configuration or the other. */
    private record InForce(String rollout, long epoch, int weight, List<ArmMeters> arms) {}

    private final PrometheusMeterRegistry registry;
    private final BusiestIdentity busiest = new BusiestIdentity(System.nanoTime());
    private final Map<Arm, Timer> limiterDuration = new EnumMap<>(Arm.class);
    private final Counter droppedLogLines;
    private volatile InForce inForce = new InForce("", 0, 0, List.of());

    public SidecarMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
        for (var arm : Arm.values()) {
            var timer = Timer.builder("sluice.limiter.duration")
                    .tag("arm", arm.label())
                    .serviceLevelObjectives(LIMITER_BOUNDS)
                    .register(registry);
            limiterDuration.put(arm, timer);
        }
        droppedLogLines = Counter.builder("sluice.log.dropped").register(registry);
        Gauge.builder("sluice.busiest.identity.ratio", busiest, BusiestIdentity::ratio)
                .register(registry);
        Gauge.builder("sluice.config.epoch", this, metrics -> metrics.inForce.epoch())
                .register(registry);
        Gauge.builder("sluice.config.weight", this, metrics -> metrics.inForce.weight())
                .register(registry);
    }

    /** Publishes {@code sluice_lease_lost} and {@code sluice_draining}. */
    public void watch(BooleanSupplier leaseLost, BooleanSupplier draining) {
        gauge("sluice.lease.lost", leaseLost);
        gauge("sluice.draining", draining);
    }

    private void gauge(String name, BooleanSupplier value) {
        Gauge.builder(name, () -> value.getAsBoolean() ? 1 : 0).register(registry);
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
            now.add(known != null ? known : new ArmMeters(registry, arm));
        }
        inForce = new InForce(rollout, epoch, weight, List.copyOf(now));
        before.stream().filter(meters -> !now.contains(meters)).forEach(meters -> meters.removeFrom(registry));
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
        var added = new ArmMeters(registry, new ArmRevision(judgement.arm(), judgement.revision()));
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
    public void judged(Judgement judgement, long nanos) {
        requireNonNull(limiterDuration.get(judgement.arm())).record(nanos, TimeUnit.NANOSECONDS);
        busiest.seen(judgement.key());
    }

    public void logLineDropped() {
        droppedLogLines.increment();
    }

    /** Takes the time, in {@code System.nanoTime()}, about once a second. On the event loop. */
    public void tick(long now) {
        busiest.tick(now);
    }

    /** Everything as Prometheus text, format 0.0.4. */
    public String scrape() {
        return RolloutLabel.addTo(registry.scrape(), inForce.rollout());
    }
}
