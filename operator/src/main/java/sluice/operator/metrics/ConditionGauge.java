package sluice.operator.metrics;

import io.fabric8.kubernetes.api.model.Condition;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/**
 * The conditions of every rollout, as its status has them. Every replica shows them, so that an alert's time does not begin anew when
 * another replica leads. The namespace is in the label {@code rollout_namespace}: a scrape takes {@code namespace} for the operator's own.
 */
final class ConditionGauge implements Collector {

    private final Supplier<List<RateLimitRollout>> rollouts;

    ConditionGauge(Supplier<List<RateLimitRollout>> rollouts) {
        this.rollouts = rollouts;
    }

    @Override
    public MetricSnapshot collect() {
        var gauge = GaugeSnapshot.builder()
                .name("sluice_operator_rollout_condition")
                .help("1 while a condition of a rollout is True, 0 while it is False, absent while it is Unknown");
        for (var rollout : rollouts.get()) {
            for (var condition : conditions(rollout)) {
                value(condition)
                        .ifPresent(value -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                                .labels(labels(rollout, condition))
                                .value(value)
                                .build()));
            }
        }
        return gauge.build();
    }

    private static List<Condition> conditions(RateLimitRollout rollout) {
        var status = rollout.getStatus();
        return status == null || status.conditions() == null ? List.of() : status.conditions();
    }

    private static Optional<Double> value(Condition condition) {
        return switch (condition.getStatus()) {
            case "True" -> Optional.of(1.0);
            case "False" -> Optional.of(0.0);
            default -> Optional.empty();
        };
    }

    private static Labels labels(RateLimitRollout rollout, Condition condition) {
        var meta = rollout.getMetadata();
        return Labels.of(
                "rollout_namespace",
                meta.getNamespace(),
                "rollout",
                meta.getName(),
                "condition",
                condition.getType(),
                "reason",
                condition.getReason());
    }
}
