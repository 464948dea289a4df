package sluice.operator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.networks.AutonomousSystem;
import sluice.operator.reconcile.LoopMeter;
import sluice.operator.reconcile.NotificationMeter;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Sidecars;

/** The operator's metrics, all beginning with {@code sluice_operator_}, and the JVM's. */
public final class OperatorMetrics implements LoopMeter, NotificationMeter {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer duration = histogram(
            "sluice.operator.evaluation",
            "Time that one evaluation took",
            Duration.ofMillis(1),
            Duration.ofSeconds(30));
    private final Timer lag = histogram(
            "sluice.operator.evaluation.lag",
            "How much later than due an evaluation began",
            Duration.ofMillis(10),
            Duration.ofMinutes(1));
    private final Timer answers = histogram(
            "sluice.operator.acknowledgement",
            "Time from sending a configuration to a sidecar's acknowledgement on its stream",
            Duration.ofMillis(1),
            Duration.ofSeconds(30));
    private final RolloutGauges rollouts = new RolloutGauges();

    public OperatorMetrics() {
        registry.getPrometheusRegistry().register(rollouts);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        // Present from the start: a rate of nothing is not zero.
        for (var result : new String[] {"ok", "conflict", "invalid", "error"}) {
            registry.counter("sluice.operator.reconciles", "result", result);
        }
        for (var result : new String[] {"sent", "failed", "lost"}) {
            registry.counter("sluice.operator.notifications", "result", result);
        }
        for (var decision : Decision.class.getPermittedSubclasses()) {
            registry.counter("sluice.operator.decisions", "decision", decision.getSimpleName());
        }
    }

    private Timer histogram(String name, String description, Duration least, Duration most) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram()
                .minimumExpectedValue(least)
                .maximumExpectedValue(most)
                .register(registry);
    }

    /** Shows whether this replica leads. */
    public void leader(BooleanSupplier leads) {
        Gauge.builder("sluice.operator.leader", () -> leads.getAsBoolean() ? 1 : 0)
                .description("1 on the replica that leads")
                .register(registry);
    }

    /** Shows the conditions of these rollouts. */
    public void conditions(Supplier<List<RateLimitRollout>> rollouts) {
        registry.getPrometheusRegistry().register(new ConditionGauge(rollouts));
    }

    /** Shows whether the certificates could not be looked after. */
    public void certificatesFailing(BooleanSupplier failing) {
        Gauge.builder("sluice.operator.certificates.failing", () -> failing.getAsBoolean() ? 1 : 0)
                .description(
                        "1 while the certificates cannot be read or renewed, or the API server not told whom to trust")
                .register(registry);
    }

    /** Shows how many sidecars have an open stream here. */
    public void streams(IntSupplier open) {
        Gauge.builder("sluice.operator.streams", open::getAsInt)
                .description("Open streams of sidecars")
                .register(registry);
    }

    /** A sidecar has acknowledged a configuration, so long after it was sent. */
    public void answered(Duration after) {
        answers.record(after);
    }

    /** Shows until when certificates are valid, by what they are for. */
    public void certificates(Supplier<Map<String, Instant>> expiries) {
        Collector collector = () -> {
            var gauge = GaugeSnapshot.builder()
                    .name("sluice_operator_certificate_expiry_timestamp_seconds")
                    .help("Until when a certificate is valid");
            expiries.get()
                    .forEach((certificate, until) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                            .labels(Labels.of("certificate", certificate))
                            .value((double) until.getEpochSecond())
                            .build()));
            return gauge.build();
        };
        registry.getPrometheusRegistry().register(collector);
    }

    /** Shows whose networks are. */
    public void networks(Supplier<Map<String, AutonomousSystem>> owners) {
        Collector collector = () -> {
            var gauge = GaugeSnapshot.builder()
                    .name("sluice_operator_network_asn")
                    .help("1; whose autonomous system a network is in that the WAF blocks, by the owner's file");
            owners.get()
                    .forEach((network, owner) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                            .labels(Labels.of(
                                    "network", network, "asn", owner.number(), "organization", owner.organization()))
                            .value(1)
                            .build()));
            return gauge.build();
        };
        registry.getPrometheusRegistry().register(collector);
    }

    @Override
    public void evaluated(Duration took, Duration late) {
        duration.record(took);
        lag.record(late);
    }

    @Override
    public void ended(String result) {
        registry.counter("sluice.operator.reconciles", "result", result).increment();
    }

    @Override
    public void decided(RolloutKey rollout, Evaluation evaluation, Sidecars sidecars) {
        var decision = evaluation.decision().getClass().getSimpleName();
        registry.counter("sluice.operator.decisions", "decision", decision).increment();
        rollouts.decided(rollout, evaluation, sidecars);
    }

    @Override
    public void forgotten(RolloutKey rollout) {
        rollouts.forgotten(rollout);
    }

    @Override
    public void notification(String result) {
        registry.counter("sluice.operator.notifications", "result", result).increment();
    }

    /** Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }
}
