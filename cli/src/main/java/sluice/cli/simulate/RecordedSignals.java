package sluice.cli.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Threshold;

/** What the decision core would have read at each evaluation. */
final class RecordedSignals {
    /** Where nobody recorded how many requests there were, there were some. */
    private static final double SOME = 1;

    private final RolloutPlan plan;
    private final Recording recording;
    private final Duration interval;
    private final Map<StopLossRule, Window> windows;
    private final RecordedTallies tallies;

    /** Every {@code stride}-th interval's sample, {@code most} of them. */
    private record Window(int stride, long most) {
        static Window of(StopLossRule rule, StopLoss stopLoss) {
            return new Window((int) stopLoss.step(rule).dividedBy(stopLoss.interval()), stopLoss.expectedSamples(rule));
        }
    }

    RecordedSignals(RolloutPlan plan, Recording recording, Instant start) {
        this.plan = plan;
        this.recording = recording;
        this.interval = plan.stopLoss().interval();
        this.windows = plan.stopLoss().rules().stream()
                .collect(Collectors.toMap(rule -> rule, rule -> Window.of(rule, plan.stopLoss())));
        recording.all().forEach(series -> series.align(start, interval));
        this.tallies = new RecordedTallies(plan, recording, start);
    }

    /** The signals at evaluation {@code at}, counted from 0. */
    Signals at(int at, RolloutState state, Instant now, Instant start) {
        if (!state.isWatched()) {
            return Signals.missing("not read in phase " + state.phase().text());
        }
        Map<Signals.Key, Reading> readings = new HashMap<>();
        Map<Signal, Reading> baselines = new HashMap<>();
        for (StopLossRule rule : plan.stopLoss().rules()) {
            for (Scope scope : scopes(rule.signal())) {
                readings.put(new Signals.Key(rule.signal(), scope), reading(rule, scope, at));
            }
            if (state.progress() instanceof Progress.Promoted) {
                readings.put(new Signals.Key(rule.signal(), Scope.SERVICE), everybody(rule, at));
            }
            if (state.progress() instanceof Progress.Observing
                    && rule.threshold() instanceof Threshold.TimesBaseline times) {
                baselines.put(rule.signal(), baseline(rule.signal(), times, now, start));
            }
        }
        plan.gates().all().forEach(gate -> {
            for (Scope scope : scopes(gate.signal())) {
                readings.computeIfAbsent(
                        new Signals.Key(gate.signal(), scope), key -> newest(gate.signal(), scope, at));
            }
        });
        Map<Scope, Reading> requests = new EnumMap<>(Scope.class);
        for (Scope scope : Scope.values()) {
            requests.put(scope, requests(scope, at, now));
        }
        return new Signals(
                readings,
                requests,
                baselines,
                stepRequests(state, at, now, start),
                tallies.at(at, state),
                single(now, 0),
                Duration.ZERO,
                Optional.empty());
    }

    /** A query is one series, and whoever recorded it for an arm is believed. */
    private List<Scope> scopes(Signal signal) {
        List<Scope> recorded = Stream.of(Scope.values())
                .filter(scope -> signal instanceof Signal.BuiltIn
                        || recording.of(signal.text(), scope).isPresent())
                .toList();
        return recorded.isEmpty() ? List.of(Scope.SERVICE) : recorded;
    }

    private Reading reading(StopLossRule rule, Scope scope, int at) {
        Optional<Series> series = recording.of(rule.signal().text(), scope);
        if (series.flatMap(known -> known.at(at)).isEmpty()) {
            return absent(rule.signal(), scope, at);
        }
        Window window = windows.get(rule);
        if (window == null) {
            throw new IllegalStateException("no such rule in the plan: " + rule);
        }
        return new Reading.Value(new Samples(series.get().until(at, window.stride(), window.most())));
    }

    /** Once promoted the candidate arm is the service; where a recording still tells them apart, the worse counts. */
    private Reading everybody(StopLossRule rule, int at) {
        Reading service = reading(rule, Scope.SERVICE, at);
        return reading(rule, Scope.CANDIDATE, at) instanceof Reading.Value candidate
                ? service instanceof Reading.Value(Samples samples) ? worse(samples, candidate.samples()) : candidate
                : service;
    }

    private static Reading worse(Samples one, Samples other) {
        Map<Instant, Sample> worst = new TreeMap<>();
        Stream.concat(one.all().stream(), other.all().stream())
                .forEach(sample -> worst.merge(
                        sample.at(), sample, BinaryOperator.maxBy(Comparator.comparingDouble(Sample::value))));
        return new Reading.Value(new Samples(List.copyOf(worst.values())));
    }

    private Reading newest(Signal signal, Scope scope, int at) {
        return recording
                .of(signal.text(), scope)
                .flatMap(series -> series.at(at))
                .<Reading>map(sample -> new Reading.Value(new Samples(List.of(sample))))
                .orElseGet(() -> absent(signal, scope, at));
    }

    private Reading absent(Signal signal, Scope scope, int at) {
        boolean none = signal instanceof Signal.BuiltIn
                && recording
                        .of(Recording.REQUEST_RATE, scope)
                        .flatMap(series -> series.at(at))
                        .filter(sample -> sample.value() == 0)
                        .isPresent();
        return none
                ? new Reading.NoTraffic()
                : new Reading.Missing("there is no sample of %s (%s)".formatted(signal.text(), scope.text()));
    }

    private Reading requests(Scope scope, int at, Instant now) {
        return recording
                .of(Recording.REQUEST_RATE, scope)
                .map(series -> series.at(at)
                        .<Reading>map(sample -> sample.value() == 0
                                ? new Reading.NoTraffic()
                                : new Reading.Value(new Samples(List.of(sample))))
                        .orElseGet(() -> new Reading.Missing("there is no sample of RequestRate")))
                .orElseGet(() -> single(now, SOME));
    }

    private Reading stepRequests(RolloutState state, int at, Instant now, Instant start) {
        if (!(state.progress() instanceof Progress.Exposed exposed)) {
            return new Reading.Missing("no step has begun");
        }
        if (plan.gates().minimumRequests() == 0) {
            return new Reading.Missing("nobody asks for it");
        }
        long held = Duration.between(start, exposed.canary().holdStartedAt()).toMillis();
        int since = (int) (held / interval.toMillis());
        double seen = recording
                .of(Recording.REQUEST_RATE, Scope.CANDIDATE)
                .map(series -> series.sum(since, at) * interval.toMillis() / 1000)
                .orElse((double) plan.gates().minimumRequests());
        return single(now, seen);
    }

    /** The mean of what was seen before the start; where there is nothing, of what has been seen since. */
    private Reading baseline(Signal signal, Threshold.TimesBaseline times, Instant now, Instant start) {
        long sinceStart = Duration.between(start, now).toMillis();
        return recording
                .of(signal.text(), Scope.SERVICE)
                .flatMap(series ->
                        known(series.mean(-times.window().toMillis(), 0)).or(() -> known(series.mean(0, sinceStart))))
                .map(mean -> single(now, mean))
                .orElseGet(() -> new Reading.Missing("there is no sample before the start"));
    }

    private static Optional<Double> known(OptionalDouble mean) {
        return mean.isPresent() ? Optional.of(mean.getAsDouble()) : Optional.empty();
    }

    private static Reading single(Instant at, double value) {
        return new Reading.Value(new Samples(List.of(new Sample(at, value))));
    }
}
