package sluice.limiter.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import sluice.limiter.judge.Backend;

/**
 * The meters of one arm and revision, all of them made at once, so that a healthy service shows zeros and not nothing, and so that
 * a request never has to look one up by its labels.
 */
public final class ArmMeters {

    // The thresholds of the default rules and gates, 120 ms and 300 ms, must be bounds: a quantile is exact only there.
    private static final Duration[] LATENCY_BOUNDS = List.of(
                    5, 10, 25, 50, 75, 100, 120, 150, 200, 250, 300, 400, 500, 750, 1_000, 2_500, 5_000, 10_000, 30_000)
            .stream()
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final ArmRevision of;
    private final List<Meter> all = new ArrayList<>();
    private final Map<Decision, Map<Backend, Counter>> decisions = new EnumMap<>(Decision.class);
    private final Map<StatusClass, Counter> responses = new EnumMap<>(StatusClass.class);
    private final Map<AuthResult, Counter> auth = new EnumMap<>(AuthResult.class);
    private final Timer latency;

    ArmMeters(MeterRegistry registry, ArmRevision of) {
        this.of = of;
        var tags = Tags.of("arm", of.arm().label(), "revision", of.revision());
        for (var decision : Decision.values()) {
            var byBackend = new EnumMap<Backend, Counter>(Backend.class);
            for (var backend : Backend.values()) {
                var labels = tags.and("decision", decision.label(), "backend", backend.label());
                byBackend.put(backend, counter(registry, "sluice.decisions", labels));
            }
            decisions.put(decision, byBackend);
        }
        for (var status : StatusClass.values()) {
            responses.put(status, counter(registry, "sluice.app.responses", tags.and("class", status.label())));
        }
        for (var result : AuthResult.values()) {
            auth.put(result, counter(registry, "sluice.auth", tags.and("result", result.label())));
        }
        latency = kept(Timer.builder("sluice.app.latency")
                .tags(tags)
                .serviceLevelObjectives(LATENCY_BOUNDS)
                .register(registry));
    }

    private Counter counter(MeterRegistry registry, String name, Tags tags) {
        return kept(Counter.builder(name).tags(tags).register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        all.add(meter);
        return meter;
    }

    ArmRevision of() {
        return of;
    }

    void removeFrom(MeterRegistry registry) {
        all.forEach(registry::remove);
    }

    public void decided(Decision decision, Backend backend) {
        requireNonNull(requireNonNull(decisions.get(decision)).get(backend)).increment();
    }

    /** Counts an answer of the app, or a 502 or 504 in its place. */
    public void answered(int status, AuthResult result) {
        requireNonNull(responses.get(StatusClass.of(status))).increment();
        requireNonNull(auth.get(result)).increment();
    }

    /** Records how long the app took, in nanoseconds. */
    public void appTook(long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
    }
}
