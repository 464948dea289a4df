package sluice.operator.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.Signals;

/** What Prometheus has kept, by time: whoever asks later sees the same. */
final class Prometheus {

    private static final double FINE = 0.001;
    private static final double BAD = 0.5;
    private static final int SAMPLES = 5;

    private final Timeline time;
    private String broken = "";
    private Optional<Instant> candidateBreaks = Optional.empty();
    private Optional<Instant> candidateHeals = Optional.empty();
    private Optional<Instant> serviceBreaks = Optional.empty();
    private long gapUntil = -1;

    Prometheus(Timeline time) {
        this.time = time;
    }

    void candidateBreaks(String revision) {
        broken = revision;
        candidateBreaks = Optional.of(time.instant());
    }

    void heal() {
        candidateHeals = Optional.of(time.instant());
    }

    void serviceBreaks() {
        serviceBreaks = Optional.of(time.instant());
    }

    void gap(long millis) {
        gapUntil = time.now() + millis;
    }

    /** A gap that does not end another that is longer. */
    void gapAtLeast(long millis) {
        gapUntil = Math.max(gapUntil, time.now() + millis);
    }

    boolean isAway() {
        return time.now() < gapUntil;
    }

    /** Since when the candidate of a revision has been breaking its rules, if it did all the time from {@code from} to {@code to}. */
    Optional<Instant> brokenSince(String revision, Instant from, Instant to) {
        return candidateBreaks
                .filter(since -> broken.equals(revision) && !since.isAfter(from))
                .filter(_ ->
                        candidateHeals.filter(healed -> !healed.isAfter(to)).isEmpty());
    }

    Signals answer(SignalQuery query, Instant now) {
        Map<Signals.Key, Reading> readings = new HashMap<>();
        Map<Scope, Reading> requests = new HashMap<>();
        var revision = query.candidateRevision().orElse("");
        for (Scope scope : Scope.values()) {
            requests.put(scope, constant(100, now));
            readings.put(new Signals.Key(Signal.ERROR_RATIO, scope), errors(scope, revision, now));
            readings.put(new Signals.Key(Signal.AUTH_FAILURES, scope), series(FINE, now));
        }
        return new Signals(
                readings,
                requests,
                query.baseline() ? Map.of(Signal.AUTH_FAILURES, constant(FINE, now)) : Map.of(),
                constant(1_000_000, now),
                constant(0.01, now),
                Optional.empty());
    }

    private Reading errors(Scope scope, String revision, Instant now) {
        List<Sample> samples = new ArrayList<>();
        for (int i = SAMPLES; i >= 0; i--) {
            var at = now.minusMillis(i * Scenario.INTERVAL_MILLIS);
            samples.add(new Sample(at, isBad(scope, revision, at) ? BAD : FINE));
        }
        return new Reading.Value(new Samples(samples));
    }

    private boolean isBad(Scope scope, String revision, Instant at) {
        return switch (scope) {
            case CANDIDATE -> brokenSince(revision, at, at).isPresent();
            case SERVICE -> serviceBreaks.filter(since -> !since.isAfter(at)).isPresent();
            case STABLE -> false;
        };
    }

    private static Reading series(double value, Instant now) {
        List<Sample> samples = new ArrayList<>();
        for (int i = SAMPLES; i >= 0; i--) {
            samples.add(new Sample(now.minusMillis(i * Scenario.INTERVAL_MILLIS), value));
        }
        return new Reading.Value(new Samples(samples));
    }

    private static Reading constant(double value, Instant now) {
        return new Reading.Value(new Samples(List.of(new Sample(now, value))));
    }
}
