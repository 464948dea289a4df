package sluice.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import sluice.operator.control.RolloutKey;
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

class OperatorMetricsTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final RolloutKey ROLLOUT = new RolloutKey("apps", "scholarship-api");
    private static final String OF_IT = "{rollout=\"scholarship-api\",rollout_namespace=\"apps\"";
    private static final Limiter CANDIDATE = new Limiter("1111111111", "{}");
    private static final Strategy STRATEGY = new Strategy(
            Duration.ofMinutes(10),
            List.of(new Step(10, Duration.ofMinutes(30)), new Step(100, Duration.ofMinutes(30))));
    private static final Sidecars SIDECARS = new Sidecars(3, 3, 2, 1);
    private static final Decision HOLD = new Decision.Hold(HoldReason.HOLDING, "Holding", "", Optional.empty());
    private static final Finding ERRORS =
            new Finding(Signal.ERROR_RATIO, Scope.CANDIDATE, OptionalDouble.of(0.004), 0.01, new Verdict.Healthy());
    private static final Finding UNKNOWN =
            new Finding(Signal.LATENCY_P95, Scope.SERVICE, OptionalDouble.empty(), 0.3, new Verdict.Unknown("down"));

    private final OperatorMetrics metrics = new OperatorMetrics();

    @Test
    void countsAnswersOnTheStreams() {
        metrics.answered(Duration.ofMillis(40));
        metrics.answered(Duration.ofMillis(60));

        assertThat(metrics.scrape())
                .contains(
                        "sluice_operator_acknowledgement_seconds_count 2\n",
                        "sluice_operator_acknowledgement_seconds_sum 0.1\n",
                        "sluice_operator_acknowledgement_seconds_max 0.06\n");
    }

    @Test
    void showsWhereARolloutIs() {
        metrics.decided(ROLLOUT, evaluation(HOLD, firstStep(), "Hold", "Holding"), SIDECARS);

        assertThat(samples("sluice_operator_rollout_"))
                .containsExactlyInAnyOrder(
                        "phase{phase=\"Progressing\"," + OF_IT.substring(1) + "} 1.0",
                        "weight" + OF_IT + "} 10.0",
                        "step" + OF_IT + "} 1.0",
                        "steps" + OF_IT + "} 2.0",
                        "next_timestamp_seconds" + OF_IT + "} 1.7672274E9",
                        "sidecars" + OF_IT + ",state=\"desired\"} 3.0",
                        "sidecars" + OF_IT + ",state=\"injected\"} 3.0",
                        "sidecars" + OF_IT + ",state=\"connected\"} 2.0",
                        "sidecars" + OF_IT + ",state=\"in_sync\"} 1.0",
                        "signal_value" + OF_IT + ",scope=\"candidate\",signal=\"ErrorRatio\"} 0.004",
                        "signal_threshold" + OF_IT + ",scope=\"candidate\",signal=\"ErrorRatio\"} 0.01");
    }

    @Test
    void remembersWhenAndWhyEachKindOfDecisionWasTaken() {
        var start = new Decision.Start(10, new Baseline(Map.of(), T0));
        metrics.decided(ROLLOUT, evaluation(start, firstStep(), "Start", "BaselineFrozen"), SIDECARS);
        metrics.decided(ROLLOUT, evaluation(HOLD, firstStep(), "Hold", "Holding"), SIDECARS);

        assertThat(samples("sluice_operator_rollout_decision_"))
                .containsExactly("timestamp_seconds{decision=\"Start\",reason=\"BaselineFrozen\"," + OF_IT.substring(1)
                        + "} 1.7672256E9");
        assertThat(samples("sluice_operator_decisions_total"))
                .contains("{decision=\"Start\"} 1.0", "{decision=\"Hold\"} 1.0", "{decision=\"RollBack\"} 0.0");
    }

    @Test
    void hasNoStepWhenNothingIsOnItsWay() {
        metrics.decided(ROLLOUT, evaluation(HOLD, new Progress.Promoted(T0), "Hold", "Complete"), SIDECARS);

        assertThat(samples("sluice_operator_rollout_"))
                .noneMatch(sample -> sample.startsWith("step") || sample.startsWith("next"))
                .contains("weight" + OF_IT + "} 100.0");
    }

    @Test
    void forgetsARolloutThatIsGone() {
        metrics.decided(ROLLOUT, evaluation(HOLD, firstStep(), "Hold", "Holding"), SIDECARS);
        metrics.forgotten(ROLLOUT);

        assertThat(samples("sluice_operator_rollout_")).isEmpty();
    }

    @Test
    void showsUntilWhenCertificatesAreValidOnceThereAreAny() {
        Map<String, Instant> expiries = new HashMap<>();
        metrics.certificates(() -> expiries);
        assertThat(samples("sluice_operator_certificate_")).isEmpty();

        expiries.put("serving", T0);
        assertThat(samples("sluice_operator_certificate_"))
                .containsExactly("expiry_timestamp_seconds{certificate=\"serving\"} 1.7672256E9");
    }

    private List<String> samples(String prefix) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    private static Progress firstStep() {
        var canary = new Canary(0, T0, T0, new Baseline(Map.of(), T0));
        return new Progress.Progressing(new Run(CANDIDATE, STRATEGY, T0), canary);
    }

    private static Evaluation evaluation(Decision decision, Progress progress, String name, String reason) {
        var state = new RolloutState(
                3,
                Limiter.OFF,
                false,
                true,
                progress,
                Timers.NONE,
                Orders.NONE,
                Optional.of(new DecisionNote(name, reason, "", T0)),
                Optional.empty(),
                List.of());
        return new Evaluation(decision, state, List.of(ERRORS, UNKNOWN));
    }
}
