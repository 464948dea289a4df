package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Judges every stop-loss rule in every scope that is armed.
 *
 * <p>Nothing is counted from one evaluation to the next: each verdict comes from the samples of the rule's window alone, so a restarted
 * operator knows at once what the old one knew.
 */
final class RuleJudge {
    private static final double ROUNDING = 1e-9;

    private final RolloutPlan plan;
    private final RolloutState state;
    private final Signals signals;
    private final Instant now;

    RuleJudge(RolloutPlan plan, RolloutState state, Signals signals, Instant now) {
        this.plan = plan;
        this.state = state;
        this.signals = signals;
        this.now = now;
    }

    /** Every finding, worst first. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        List<Scope> scopes = state.watchedScopes();
        for (StopLossRule rule : plan.stopLoss().rules()) {
            for (Scope scope : scopes) {
                if (armed() || isAbout(rule.signal(), scope)) {
                    judge(rule, scope).ifPresent(findings::add);
                }
            }
        }
        findings.sort(Finding.WORST_FIRST);
        return findings;
    }

    /** After a promotion every rule is about everybody. */
    private boolean armed() {
        return state.armed().isPresent();
    }

    // A query is one series about the service; only a recording may tell the candidate's own.
    private boolean isAbout(Signal signal, Scope scope) {
        return switch (signal) {
            case Signal.BuiltIn builtIn -> builtIn != Signal.BuiltIn.THROTTLED_RATIO || scope == Scope.CANDIDATE;
            case Signal.Query query ->
                signals.has(query, scope) || (scope == Scope.SERVICE && !signals.has(query, Scope.CANDIDATE));
        };
    }

    private Optional<Finding> judge(StopLossRule rule, Scope scope) {
        OptionalDouble threshold = threshold(rule);
        if (threshold.isEmpty()) {
            return state.baseline().map(_ -> withoutBaseline(rule, scope));
        }
        double at = threshold.getAsDouble();
        return Optional.of(
                switch (reading(rule, scope)) {
                    case Reading.Missing(String why, List<Sample> before) ->
                        brokenBefore(rule, scope, at, before).orElseGet(() -> unknown(rule, scope, at, why));
                    case Reading.NoTraffic(List<Sample> before) ->
                        brokenBefore(rule, scope, at, before)
                                .orElseGet(() -> new Finding(
                                        rule.signal(), scope, OptionalDouble.empty(), at, new Verdict.NoTraffic()));
                    case Reading.Value value -> judge(rule, scope, at, value.samples());
                });
    }

    // What broke and fell silent has broken: enough of the window that ends now is there, and all of it breaches.
    private Optional<Finding> brokenBefore(StopLossRule rule, Scope scope, double threshold, List<Sample> before) {
        return before.isEmpty()
                ? Optional.empty()
                : judge(rule, scope, threshold, new Samples(before), now)
                        .filter(finding -> finding.verdict() instanceof Verdict.Broken);
    }

    private Finding withoutBaseline(StopLossRule rule, Scope scope) {
        return unknown(
                rule, scope, 0, "there is no baseline for " + rule.signal().text());
    }

    private static Finding unknown(StopLossRule rule, Scope scope, double threshold, String why) {
        return new Finding(rule.signal(), scope, OptionalDouble.empty(), threshold, new Verdict.Unknown(why));
    }

    private OptionalDouble threshold(StopLossRule rule) {
        return switch (rule.threshold()) {
            case Threshold.Fixed fixed -> OptionalDouble.of(fixed.value());
            case Threshold.TimesBaseline times -> {
                OptionalDouble baseline = baseline(rule.signal());
                yield baseline.isEmpty()
                        ? baseline
                        : OptionalDouble.of(Math.max(times.times() * baseline.getAsDouble(), times.minimum()));
            }
        };
    }

    private OptionalDouble baseline(Signal signal) {
        return state.baseline().map(baseline -> baseline.of(signal)).orElse(OptionalDouble.empty());
    }

    private Reading reading(StopLossRule rule, Scope scope) {
        Reading reading = signals.reading(rule.signal(), scope);
        if (!rule.signal().equals(Signal.THROTTLED_RATIO)) {
            return reading;
        }
        // After a promotion the stable arm is the promoted limiter's own.
        Reading stable = scope == Scope.CANDIDATE
                ? signals.reading(Signal.THROTTLED_RATIO, Scope.STABLE)
                : new Reading.NoTraffic();
        return ThrottledDifference.of(
                reading, stable, state.weight() == 100, state.timers().stableThrottled());
    }

    private Finding judge(StopLossRule rule, Scope scope, double threshold, Samples samples) {
        Sample last = samples.last();
        Duration tooOld = plan.stopLoss().interval().multipliedBy(2);
        if (last.at().plus(tooOld).isBefore(now)) {
            return unknown(rule, scope, threshold, "the newest sample is older than " + tooOld.toSeconds() + " s");
        }
        return judge(rule, scope, threshold, samples, last.at())
                .orElseGet(() -> unknown(rule, scope, threshold, "there is no sample yet that counts"));
    }

    /** By the rule's window that ends at {@code end}; empty when nothing in it counts. */
    private Optional<Finding> judge(StopLossRule rule, Scope scope, double threshold, Samples samples, Instant end) {
        Instant since = countsFrom(scope);
        List<Sample> window = samples.within(end.minus(rule.window()), since);
        if (window.isEmpty()) {
            return Optional.empty();
        }
        double newest = window.getLast().value();
        Verdict verdict = verdict(rule, scope, threshold, window, end, since);
        return Optional.of(new Finding(rule.signal(), scope, OptionalDouble.of(newest), threshold, verdict));
    }

    /** Since when samples count: for the candidate its first step, for the service the moment it was first changed. */
    private Instant countsFrom(Scope scope) {
        return switch (state.progress()) {
            case Progress.Exposed exposed
            when scope == Scope.CANDIDATE -> exposed.canary().since();
            case Progress.Running running -> running.run().armedAt();
            case Progress.Promoted promoted ->
                promoted.armed().map(Armed::since).orElse(Instant.EPOCH);
            case Progress.Pending _, Progress.RollingBack _, Progress.RolledBack _ -> Instant.EPOCH;
        };
    }

    private Verdict verdict(
            StopLossRule rule, Scope scope, double threshold, List<Sample> window, Instant end, Instant since) {
        List<Sample> run = breachingAtTheEnd(window, threshold);
        if (run.isEmpty()) {
            return new Verdict.Healthy();
        }
        boolean wholeWindow = run.size() == window.size() && isCovered(rule, window.size(), end, since);
        return wholeWindow
                ? new Verdict.Broken(breach(rule, scope, threshold, window))
                : new Verdict.Breaching(run.getFirst().at());
    }

    private static List<Sample> breachingAtTheEnd(List<Sample> window, double threshold) {
        int first = window.size();
        while (first > 0 && breaches(window.get(first - 1), threshold)) {
            first--;
        }
        return window.subList(first, window.size());
    }

    // Zero is never a breach: three times a baseline of nothing is nothing. What equals the threshold in decimals may
    // be a hair
    // below it in binary, as 0.06 - 0.01 is below 0.05.
    private static boolean breaches(Sample sample, double threshold) {
        return sample.value() >= threshold * (1 - ROUNDING) && sample.value() > 0;
    }

    // A window that began before samples counted is not over yet, however many of its samples breach.
    private boolean isCovered(StopLossRule rule, int samples, Instant end, Instant since) {
        boolean over = !since.isAfter(end.minus(rule.window()));
        long expected = plan.stopLoss().expectedSamples(rule);
        return over && samples * 5L >= expected * 4;
    }

    private static Breach breach(StopLossRule rule, Scope scope, double threshold, List<Sample> window) {
        Sample last = window.getLast();
        return new Breach(
                rule.signal(),
                scope,
                last.value(),
                threshold,
                rule.window(),
                window.getFirst().at(),
                last.at(),
                window);
    }
}
