package sluice.operator.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sidecars;

/**
 * Where each rollout is, as of its last evaluation here; on the leader alone. The namespace is in the label {@code rollout_namespace},
 * because a scrape takes {@code namespace} for the operator's own.
 */
final class RolloutGauges implements MultiCollector {

    /**
     * One rollout.
     *
     * @param taken the last decision of each kind but Hold, since this process leads
     */
    private record Seen(Evaluation evaluation, Sidecars sidecars, Map<String, DecisionNote> taken) {}

    private final Map<RolloutKey, Seen> rollouts = new ConcurrentHashMap<>();

    void decided(RolloutKey rollout, Evaluation evaluation, Sidecars sidecars) {
        rollouts.compute(rollout, (_, before) -> {
            var taken = new HashMap<>(before == null ? Map.of() : before.taken());
            if (!(evaluation.decision() instanceof Decision.Hold)) {
                evaluation.next().lastDecision().ifPresent(note -> taken.put(note.name(), note));
            }
            return new Seen(evaluation, sidecars, Map.copyOf(taken));
        });
    }

    void forgotten(RolloutKey rollout) {
        rollouts.remove(rollout);
    }

    @Override
    public MetricSnapshots collect() {
        return new MetricSnapshots(
                gauge(
                        "phase",
                        "1 for the phase that a rollout is in",
                        (seen, out) -> out.put(1, "phase", state(seen).phase().text())),
                gauge(
                        "weight",
                        "Share of callers that get the new limiter, in percent",
                        (seen, out) -> out.put(state(seen).weight())),
                gauge("step", "The present step, from 1; 0 before the first", RolloutGauges::step),
                gauge("steps", "How many steps the attempt has", RolloutGauges::steps),
                gauge(
                        "next_timestamp_seconds",
                        "When time alone lets the rollout go on",
                        (seen, out) -> state(seen).nextAt().ifPresent(at -> out.put(seconds(at)))),
                gauge("sidecars", "Pods of the target, by how far their sidecar is", RolloutGauges::sidecars),
                gauge(
                        "signal_value",
                        "The newest value that a stop-loss rule went by",
                        (seen, out) -> known(seen)
                                .forEach(finding -> out.put(finding.value().orElseThrow(), labels(finding)))),
                gauge(
                        "signal_threshold",
                        "The value at or over which the rule breaches",
                        (seen, out) -> known(seen).forEach(finding -> out.put(finding.threshold(), labels(finding)))),
                gauge(
                        "decision_timestamp_seconds",
                        "When a decision of a kind was last taken",
                        (seen, out) -> seen.taken()
                                .values()
                                .forEach(note -> out.put(
                                        seconds(note.at()), "decision", note.name(), "reason", note.reason()))));
    }

    private GaugeSnapshot gauge(String name, String help, BiConsumer<Seen, Points> figures) {
        var gauge =
                GaugeSnapshot.builder().name("sluice_operator_rollout_" + name).help(help);
        rollouts.forEach((key, seen) -> figures.accept(seen, new Points(key, gauge)));
        return gauge.build();
    }

    private static RolloutState state(Seen seen) {
        return seen.evaluation().next();
    }

    private static void step(Seen seen, Points out) {
        if (state(seen).progress() instanceof Progress.Running running) {
            out.put(
                    running instanceof Progress.Exposed exposed
                            ? exposed.canary().step() + 1
                            : 0);
        }
    }

    private static void steps(Seen seen, Points out) {
        if (state(seen).progress() instanceof Progress.Running running) {
            out.put(running.run().strategy().steps().size());
        }
    }

    private static void sidecars(Seen seen, Points out) {
        var counted = seen.sidecars();
        out.put(counted.desired(), "state", "desired");
        out.put(counted.injected(), "state", "injected");
        out.put(counted.connected(), "state", "connected");
        out.put(counted.inSync(), "state", "in_sync");
    }

    /** The threshold is only worth showing beside a value. */
    private static Stream<Finding> known(Seen seen) {
        return seen.evaluation().findings().stream()
                .filter(finding -> finding.value().isPresent());
    }

    private static String[] labels(Finding finding) {
        return new String[] {
            "signal", finding.signal().text(), "scope", finding.scope().text()
        };
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1e3;
    }

    /** Takes the values of one rollout. */
    private record Points(RolloutKey rollout, GaugeSnapshot.Builder gauge) {
        void put(double value, String... labels) {
            var all = Labels.of("rollout_namespace", rollout.namespace(), "rollout", rollout.name())
                    .merge(Labels.of(labels));
            gauge.dataPoint(
                    GaugeDataPointSnapshot.builder().value(value).labels(all).build());
        }
    }
}
