package sluice.cli.report;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.BaselineStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SignalStatus;
import sluice.operator.api.v1alpha1.TimersStatus;
import sluice.operator.rollout.Gate;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Threshold;

/** A rollout's weight, requests and signals as panels, each signal with what it may be at most. */
final class SignalPanels {
    private static final String BLUE = "#0072b2";
    private static final String GREEN = "#009e73";
    private static final String GREY = "#8b95a1";
    static final String RED = "#d0342c";
    private static final String ORANGE = "#c77700";

    private final RolloutPlan plan;
    private final RateLimitRolloutStatus status;
    private final Timeline timeline;

    SignalPanels(RolloutPlan plan, RateLimitRolloutStatus status, Timeline timeline) {
        this.plan = plan;
        this.status = status;
        this.timeline = timeline;
    }

    List<Panel> of(Readings readings) {
        List<Panel> panels = new ArrayList<>();
        panels.add(weight(readings.window()));
        panels.add(new Panel(
                "Requests",
                Unit.RATE,
                List.of(
                        curve("service", GREY, readings.requests(Scope.SERVICE)),
                        curve("candidate", BLUE, readings.requests(Scope.CANDIDATE))),
                List.of()));
        SignalHistory.signals(plan).forEach(signal -> panels.add(panel(signal, readings)));
        return panels;
    }

    private Panel weight(Window window) {
        List<Curve.Point> points = new ArrayList<>();
        points.add(weight(window.from()));
        timeline.entries().stream()
                .map(Timeline.Entry::at)
                .filter(window::contains)
                .forEach(at -> points.add(weight(at)));
        points.add(weight(window.to()));
        return new Panel(
                "Weight of the candidate", Unit.PERCENT, List.of(new Curve("weight", BLUE, true, points)), List.of());
    }

    private Curve.Point weight(Instant at) {
        return new Curve.Point(at, OptionalDouble.of(timeline.weightAt(at).orElse(0)));
    }

    private Panel panel(Signal signal, Readings readings) {
        List<Curve> curves = new ArrayList<>();
        if (signal instanceof Signal.Query) {
            curves.add(curve("service", BLUE, readings.points(signal, Scope.SERVICE)));
        } else if (signal.equals(Signal.THROTTLED_RATIO)) {
            curves.add(curve("stable", GREEN, readings.points(signal, Scope.STABLE)));
            curves.add(curve("candidate", GREY, readings.points(signal, Scope.CANDIDATE)));
            curves.add(curve("candidate - stable", BLUE, readings.throttledDifference(lastStable())));
        } else {
            curves.add(curve("service", GREY, readings.points(signal, Scope.SERVICE)));
            curves.add(curve("candidate", BLUE, readings.points(signal, Scope.CANDIDATE)));
        }
        return new Panel(signal.text() + missingThreshold(signal), unit(signal), curves, levels(signal));
    }

    private static Curve curve(String name, String colour, List<Curve.Point> points) {
        return new Curve(name, colour, false, points);
    }

    private static Unit unit(Signal signal) {
        return switch (signal) {
            case Signal.Query _ -> Unit.PLAIN;
            case Signal.BuiltIn.LATENCY_P95 -> Unit.TIME;
            case Signal.BuiltIn _ -> Unit.SHARE;
        };
    }

    private List<Panel.Level> levels(Signal signal) {
        List<Panel.Level> levels = new ArrayList<>();
        for (StopLossRule rule : plan.stopLoss().rules()) {
            if (rule.signal().equals(signal)) {
                threshold(rule)
                        .ifPresent(value -> levels.add(new Panel.Level(
                                "stop-loss %s for %s".formatted(unit(signal).text(value), time(rule.window())),
                                RED,
                                value)));
            }
        }
        for (Gate gate : plan.gates().all()) {
            if (gate.signal().equals(signal)) {
                levels.add(new Panel.Level("gate " + unit(signal).text(gate.max()), ORANGE, gate.max()));
            }
        }
        return levels;
    }

    private String missingThreshold(Signal signal) {
        boolean unknown = plan.stopLoss().rules().stream()
                .anyMatch(
                        rule -> rule.signal().equals(signal) && threshold(rule).isEmpty());
        return unknown ? " (status has no baseline any more, and so no threshold)" : "";
    }

    /** {@code 1h30m}. */
    static String time(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }

    /** What a sample breaches at; where it is a multiple of the baseline, as status has it. */
    private Optional<Double> threshold(StopLossRule rule) {
        return switch (rule.threshold()) {
            case Threshold.Fixed(double value) -> Optional.of(value);
            case Threshold.TimesBaseline times ->
                baseline(rule.signal())
                        .map(baseline -> Math.max(times.times() * baseline, times.minimum()))
                        .or(() -> judged(rule.signal()));
        };
    }

    private Optional<Double> baseline(Signal signal) {
        return Optional.ofNullable(status.baseline()).map(BaselineStatus::values).orElse(List.of()).stream()
                .filter(value -> signal.text().equals(value.name()))
                .findFirst()
                .flatMap(value -> decimal(value.value()));
    }

    private Optional<Double> judged(Signal signal) {
        return Optional.ofNullable(status.signals()).orElse(List.of()).stream()
                .filter(seen -> signal.text().equals(seen.name()))
                .findFirst()
                .map(SignalStatus::threshold)
                .flatMap(SignalPanels::decimal);
    }

    private OptionalDouble lastStable() {
        return Optional.ofNullable(status.timers())
                .map(TimersStatus::stableThrottledRatio)
                .flatMap(SignalPanels::decimal)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    private static Optional<Double> decimal(@Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .map(value -> new BigDecimal(value).doubleValue())
                    .filter(Double::isFinite);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The colour of a decision's mark. */
    static String colour(Timeline.Entry entry) {
        return Map.of("RollBack", RED, "Promote", GREEN, "Hold", ORANGE)
                .getOrDefault(String.valueOf(entry.decision().name()), "#4b5563");
    }
}
