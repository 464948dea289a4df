package sluice.cli.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sluice.operator.rollout.Gate;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.Threshold;

/** What the decision core would have read at each evaluation. */
final class RecordedSignals {
    /** Where nobody recorded how many requests there were, there were some. */
    private static final double SOME = 1;

    private final RolloutPlan plan;
    private final Recording recording;
    private final Duration interval;
    private final List<RecordedRule> rules;
    private final Map<Signal, Series> worse = new HashMap<>();
    private final RecordedTallies tallies;

    RecordedSignals(RolloutPlan plan, Recording recording, Instant start) {
        this.plan = plan;
        this.recording = recording;
        this.interval = plan.stopLoss().interval();
        this.rules = plan.stopLoss().rules().stream()
                .map(rule -> RecordedRule.of(rule, plan.stopLoss()))
                .toList();
        recording.all().forEach(series -> series.align(start, interval));
        this.tallies = new RecordedTallies(plan, recording, start);
    }

    /** The signals at evaluation {@code at}, counted from 0. */
    Signals at(int at, RolloutState state, Instant now, Instant start) {
        if (!state.isWatched()) {
            return Signals.missing("not read in phase " + state.phase().text());
        }
        Map<Scope, Reading> requests = new EnumMap<>(Scope.class);
        for (Scope scope : Scope.values()) {
            requests.put(scope, requests(scope, at, now));
        }
        return new Signals(
                readings(at, state),
                requests,
                baselines(state, now, start),
                stepRequests(state, at, now, start),
                tallies.at(at, state),
                single(now, 0),
                Duration.ZERO,
                Optional.empty());
    }

    private Map<Signals.Key, Reading> readings(int at, RolloutState state) {
        boolean exposed = state.progress() instanceof Progress.Exposed;
        // A recording knows of the candidate even then, and whether its data are back.
        boolean ofTheCandidate = exposed || state.progress() instanceof Progress.RolledBack;
        boolean promoted = state.progress() instanceof Progress.Promoted;
        Map<Signals.Key, Reading> readings = new HashMap<>();
        for (RecordedRule rule : rules) {
            if (promoted) {
                readings.put(new Signals.Key(rule.signal(), Scope.SERVICE), everybody(rule, at));
            } else {
                scopes(rule.signal(), ofTheCandidate)
                        .forEach(
                                scope -> readings.put(new Signals.Key(rule.signal(), scope), reading(rule, scope, at)));
            }
        }
        for (Gate gate : plan.gates().all()) {
            gateScopes(gate.signal(), state.progress())
                    .forEach(scope -> readings.computeIfAbsent(
                            new Signals.Key(gate.signal(), scope), _ -> newest(gate.signal(), scope, at)));
        }
        return readings;
    }

    private List<Scope> gateScopes(Signal signal, Progress progress) {
        boolean exposed = progress instanceof Progress.Exposed;
        boolean compared = progress instanceof Progress.Observing && signal.equals(Signal.THROTTLED_RATIO);
        return exposed || compared ? scopes(signal, exposed) : List.of();
    }

    /** Whose samples the operator would read. A query is one series, and whoever recorded it for an arm is believed. */
    private List<Scope> scopes(Signal signal, boolean ofTheCandidate) {
        return switch (signal) {
            case Signal.BuiltIn.THROTTLED_RATIO ->
                ofTheCandidate ? List.of(Scope.CANDIDATE, Scope.STABLE) : List.of(Scope.STABLE);
            case Signal.BuiltIn _ -> ofTheCandidate ? List.of(Scope.CANDIDATE, Scope.SERVICE) : List.of(Scope.SERVICE);
            case Signal.Query query -> {
                Set<Scope> recorded = recording.arms(query.text()).keySet();
                List<Scope> judged = Stream.of(Scope.CANDIDATE, Scope.SERVICE)
                        .filter(recorded::contains)
                        .toList();
                yield judged.isEmpty() ? List.of(Scope.SERVICE) : judged;
            }
        };
    }

    private Reading reading(RecordedRule rule, Scope scope, int at) {
        return recorded(rule.signal(), scope, at)
                .map(series -> rule.reading(series, at))
                .orElseGet(() -> absent(rule.signal(), scope, at).after(before(rule, scope, at)));
    }

    private List<Sample> before(RecordedRule rule, Scope scope, int at) {
        return recording
                .of(rule.signal().text(), scope)
                .map(series -> rule.samples(series, at))
                .orElse(List.of());
    }

    /** The series that has a sample at {@code at}. */
    private Optional<Series> recorded(Signal signal, Scope scope, int at) {
        return recording.of(signal.text(), scope).filter(series -> series.at(at).isPresent());
    }

    /** Once promoted the candidate arm is the service; where a recording still tells them apart, the worse counts. */
    private Reading everybody(RecordedRule rule, int at) {
        Optional<Series> service = recorded(rule.signal(), Scope.SERVICE, at);
        Optional<Series> candidate = recorded(rule.signal(), Scope.CANDIDATE, at);
        if (service.isPresent() && candidate.isPresent()) {
            return rule.reading(
                    worse.computeIfAbsent(rule.signal(), _ -> Series.worse(service.get(), candidate.get())), at);
        }
        return reading(rule, candidate.isPresent() ? Scope.CANDIDATE : Scope.SERVICE, at);
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
        long before = Duration.between(start, exposed.canary().stepStartedAt()).toMillis();
        int since = (int) (before / interval.toMillis());
        double seen = recording
                .of(Recording.REQUEST_RATE, Scope.CANDIDATE)
                .map(series -> series.sum(since, at) * interval.toMillis() / 1000)
                .orElse((double) plan.gates().minimumRequests());
        return single(now, seen);
    }

    private Map<Signal, Reading> baselines(RolloutState state, Instant now, Instant start) {
        Map<Signal, Reading> baselines = new HashMap<>();
        if (state.progress() instanceof Progress.Observing) {
            for (RecordedRule rule : rules) {
                if (rule.threshold() instanceof Threshold.TimesBaseline times) {
                    baselines.put(rule.signal(), baseline(rule.signal(), times, now, start));
                }
            }
        }
        return baselines;
    }

    /**
     * The mean of what the stable arm showed before the start, or the service where nobody told of the arm: then they are the same. Where
     * there is nothing, of what has been seen since.
     */
    private Reading baseline(Signal signal, Threshold.TimesBaseline times, Instant now, Instant start) {
        long sinceStart = Duration.between(start, now).toMillis();
        return mean(signal, -times.window().toMillis(), 0)
                .or(() -> mean(signal, 0, sinceStart))
                .map(mean -> single(now, mean))
                .orElseGet(() -> new Reading.Missing("there is no sample before the start"));
    }

    private Optional<Double> mean(Signal signal, long from, long to) {
        return Stream.of(Scope.STABLE, Scope.SERVICE)
                .flatMap(scope -> recording.of(signal.text(), scope).stream())
                .flatMap(series -> series.mean(from, to).stream().boxed())
                .findFirst();
    }

    private static Reading single(Instant at, double value) {
        return new Reading.Value(new Samples(List.of(new Sample(at, value))));
    }
}
