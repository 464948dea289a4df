package sluice.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import sluice.operator.prometheus.PrometheusHistory;
import sluice.operator.prometheus.PrometheusProvider;
import sluice.operator.rollout.Gate;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;

/** Asks a Prometheus for what the operator asked it then: the same queries, read in the same way. */
final class SignalHistory {
    /** What is asked about before the first decision that names a candidate. */
    private static final String NO_REVISION = "none";

    private final PrometheusProvider provider;
    private final RolloutPlan plan;
    private final String namespace;
    private final String rollout;
    private final Timeline timeline;

    SignalHistory(PrometheusProvider provider, RolloutPlan plan, String namespace, String rollout, Timeline timeline) {
        this.provider = provider;
        this.plan = plan;
        this.namespace = namespace;
        this.rollout = rollout;
        this.timeline = timeline;
    }

    /**
     * Reads a window.
     *
     * @throws Unreadable when Prometheus cannot be asked
     */
    Readings read(Window window) throws Unreadable {
        RolloutPlan asked = every(window.step());
        try (PrometheusHistory history = new PrometheusHistory(provider, asked, window.from(), window.to())) {
            SortedMap<Instant, Signals> seen = new TreeMap<>();
            for (Instant moment : window.moments()) {
                seen.put(moment, history.at(query(moment), moment));
                Optional<String> failure = history.failure();
                if (failure.isPresent()) {
                    throw new Unreadable(failure.get());
                }
            }
            return new Readings(window, seen);
        }
    }

    private SignalQuery query(Instant moment) {
        String revision = timeline.revisionAt(moment).orElse(NO_REVISION);
        return new SignalQuery(namespace, rollout, Optional.of(revision), Optional.empty(), false, List.of());
    }

    /** The plan, looked at less often: a signal has the same value at a time, whichever other times are asked about. */
    private RolloutPlan every(Duration step) {
        StopLoss stopLoss = plan.stopLoss();
        StopLoss slower = new StopLoss(
                stopLoss.provider(),
                step,
                stopLoss.rules(),
                stopLoss.noDataAfter(),
                stopLoss.progressDeadline(),
                stopLoss.deadManSwitch(),
                stopLoss.armedAfterPromotion());
        return new RolloutPlan(
                plan.candidate(), plan.initialStable(), plan.strategy(), slower, plan.gates(), plan.instructions());
    }

    /** Every signal that a rule or a gate watches, once, in the order of the resource. */
    static List<Signal> signals(RolloutPlan plan) {
        return Stream.concat(
                        plan.stopLoss().rules().stream().map(StopLossRule::signal),
                        plan.gates().all().stream().map(Gate::signal))
                .distinct()
                .toList();
    }

    /** How long before a decision what led to it can have begun. */
    static Duration before(RolloutPlan plan) {
        List<Duration> windows = new ArrayList<>(
                plan.stopLoss().rules().stream().map(StopLossRule::window).toList());
        windows.add(Duration.ofMinutes(2));
        Duration longest = windows.stream().max(Duration::compareTo).orElseThrow();
        Duration most = Duration.ofHours(1);
        return (longest.compareTo(most) > 0 ? most : longest).plusMinutes(1);
    }

    /** Prometheus cannot be asked. */
    static final class Unreadable extends Exception {
        Unreadable(String why) {
            super(why, null, false, false);
        }
    }
}
