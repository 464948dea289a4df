package sluice.observability;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.metrics.HealthServer;
import sluice.operator.metrics.OperatorMetrics;
import sluice.operator.networks.AutonomousSystem;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.Canary;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Orders;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Run;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Sidecars;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.Strategy;
import sluice.operator.rollout.Timers;
import sluice.operator.rollout.Verdict;

/** The operator's own metrics of one rollout at its first step, which it goes on evaluating. */
final class OperatorPage implements AutoCloseable {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final OperatorMetrics metrics = new OperatorMetrics();
    private final HealthServer server;
    private final Instant began = Instant.now();
    private final ScheduledExecutorService turns = Executors.newSingleThreadScheduledExecutor();

    /** With this said of networks. */
    OperatorPage(Supplier<Map<String, AutonomousSystem>> owners) throws IOException {
        metrics.networks(owners);
        metrics.leader(() -> true);
        metrics.streams(() -> 2);
        metrics.certificates(() -> Map.of("serving", began.plus(Duration.ofDays(90))));
        metrics.certificatesFailing(() -> false);
        metrics.conditions(() -> List.of(ready()));
        decided(new Decision.Start(50, new Baseline(Map.of(), began)), "Start", "BaselineFrozen");
        var _ = turns.scheduleWithFixedDelay(this::turn, 0, 500, TimeUnit.MILLISECONDS);
        server = new HealthServer(0, () -> true, () -> true, metrics::scrape);
    }

    private static RateLimitRollout ready() {
        return Serialization.unmarshal("""
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: scholarship-api, namespace: apps}
                status: {conditions: [{type: Ready, status: "False", reason: Progressing, message: step 1 of 2}]}
                """, RateLimitRollout.class);
    }

    /** What a scrape gets. */
    String text() {
        return metrics.scrape();
    }

    String scrapeConfig() {
        return "- job_name: operator\n  static_configs:\n  - {targets: ['127.0.0.1:%d'], labels: {namespace: sluice-system, pod: sluice-operator-0}}\n"
                .formatted(server.port());
    }

    private void turn() {
        metrics.evaluated(Duration.ofMillis(20), Duration.ofMillis(3));
        metrics.ended("ok");
        decided(
                new Decision.Hold(HoldReason.HOLDING, "Holding", "", Optional.of(began.plus(MINUTE))),
                "Hold",
                "Holding");
    }

    private void decided(Decision decision, String name, String reason) {
        var strategy = new Strategy(MINUTE, List.of(new Step(50, MINUTE), new Step(100, MINUTE)));
        var run = new Run(new Limiter("3f9a0c12de", "{}"), strategy, began);
        var canary = new Canary(0, began, began, new Baseline(Map.of(), began));
        var state = new RolloutState(
                7,
                Limiter.OFF,
                false,
                true,
                new Progress.Progressing(run, canary),
                Timers.NONE,
                Orders.NONE,
                Optional.of(new DecisionNote(name, reason, "", began)),
                Optional.empty(),
                List.of());
        metrics.decided(
                new RolloutKey("apps", "scholarship-api"),
                new Evaluation(decision, state, findings()),
                new Sidecars(2, 2, 2, 2));
    }

    private List<Finding> findings() {
        var passed = Duration.between(began, Instant.now()).toSeconds() % 20;
        return Signal.builtIn().stream()
                .map(signal -> new Finding(
                        signal,
                        Scope.CANDIDATE,
                        OptionalDouble.of(0.002 + 0.0002 * passed),
                        0.01,
                        new Verdict.Healthy()))
                .toList();
    }

    @Override
    public void close() {
        turns.shutdownNow();
        server.close();
    }
}
