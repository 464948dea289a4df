package sluice.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.SignalReader;
import sluice.operator.rollout.Signals;

/** Everything has been as it is for an hour. */
public final class FakeSignals implements SignalReader {

    public volatile double candidateErrors = 0.001;
    public volatile double serviceErrors = 0.001;
    public volatile boolean missing;
    public volatile boolean candidateIdle;
    public volatile OptionalInt fallback = OptionalInt.empty();
    public final java.util.concurrent.atomic.AtomicInteger reads = new java.util.concurrent.atomic.AtomicInteger();

    @Override
    public Signals read(SignalQuery query, RolloutPlan plan, Instant now) {
        reads.incrementAndGet();
        if (missing) {
            return Signals.missing("Prometheus does not answer");
        }
        Map<Signals.Key, Reading> readings = new HashMap<>();
        Map<Scope, Reading> requests = new HashMap<>();
        for (Scope scope : Scope.values()) {
            requests.put(scope, constant(100, now));
            for (Signal signal : Signal.builtIn()) {
                readings.put(new Signals.Key(signal, scope), constant(0.001, now));
            }
        }
        readings.put(new Signals.Key(Signal.ERROR_RATIO, Scope.CANDIDATE), constant(candidateErrors, now));
        if (candidateIdle) {
            requests.put(Scope.CANDIDATE, new Reading.NoTraffic());
        }
        readings.put(new Signals.Key(Signal.ERROR_RATIO, Scope.SERVICE), constant(serviceErrors, now));
        Map<Signal, Reading> baselines = Map.of(Signal.AUTH_FAILURES, constant(0.001, now));
        return new Signals(
                readings, requests, baselines, constant(1_000_000, now), constant(0.01, now), Optional.empty());
    }

    private static Reading constant(double value, Instant now) {
        List<Sample> samples = new ArrayList<>();
        for (Instant at = now.minus(Duration.ofHours(1)); !at.isAfter(now); at = at.plusSeconds(10)) {
            samples.add(new Sample(at, value));
        }
        return new Reading.Value(new Samples(samples));
    }

    @Override
    public Figures figures(String namespace, String rollout, RolloutPlan plan, Instant now) {
        Reading share = constant(serviceErrors, now);
        return new Figures(
                constant(100, now),
                share,
                constant(0.02, now),
                constant(0.08, now),
                constant(0.25, now),
                share,
                new Reading.NoTraffic(),
                fallback.isPresent() ? constant(fallback.getAsInt(), now) : new Reading.NoTraffic());
    }

    @Override
    public List<Blocker> blockers(RolloutPlan plan) {
        return List.of();
    }
}
