package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.RolloutDecider;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sidecars;
import sluice.operator.rollout.SignalQuery;

class DecisionTrailTest {
    private static final String SPEC = """
            targetRef: {kind: Deployment, name: scholarship-api}
            limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
            strategy: {observe: 1m, steps: [{weight: 10, hold: 2m}, {weight: 100, hold: 2m}]}
            stopLoss: {rules: [{signal: ErrorRatio, threshold: "0.01", for: 1m}]}
            """;
    private static final Sidecars IN_SYNC = new Sidecars(2, 2, 2, 2);

    private final FakeSignals signals = new FakeSignals();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RolloutPlan plan = plan(Optional.empty());
    private RolloutState state = RolloutState.initial(plan.initialStable(), now);
    private @Nullable RateLimitRolloutStatus status;

    private static RolloutPlan plan(Optional<String> command) {
        return PlanMapping.toPlan(FakeWorld.spec(SPEC), command);
    }

    private void type(String verb) {
        plan = plan(Optional.of(verb + "@" + plan.candidate().revision() + "/alice"));
    }

    private void pass(Duration time) {
        for (Instant until = now.plus(time); now.isBefore(until); now = now.plusSeconds(10)) {
            var seen = signals.read(SignalQuery.of("apps", "api", plan, state, List.of(), now), plan, now);
            Evaluation evaluation = RolloutDecider.decide(plan, state, new Observation(IN_SYNC, seen, List.of()), now);
            var bare = StatusMapping.toStatus(evaluation, IN_SYNC, 1, List.of(), now);
            status = DecisionTrail.in(/* status= */ bare, /* before= */ status, plan, state, evaluation);
            state = evaluation.next();
        }
    }

    private List<PastDecisionStatus> trail() {
        return Optional.ofNullable(status)
                .map(RateLimitRolloutStatus::decisions)
                .orElseThrow();
    }

    private List<@Nullable String> names() {
        return trail().reversed().stream().map(PastDecisionStatus::name).toList();
    }

    private PastDecisionStatus last(String name) {
        return trail().stream()
                .filter(past -> name.equals(past.name()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tellsEveryDecisionOfARolloutAndNoHoldThatIsAMatterOfCourse() {
        pass(Duration.ofMinutes(10));

        assertThat(names()).containsExactly("Inject", "Observe", "Start", "Advance", "Promote");
        assertThat(last("Advance"))
                .extracting("at", "reason", "by", "revision", "weight", "signal", "value", "threshold", "window")
                .containsExactly(
                        "2026-01-01T00:03:10.000Z",
                        "HoldElapsed",
                        null,
                        plan.candidate().revision(),
                        100,
                        "ErrorRatio",
                        "0.001",
                        "0.01",
                        "1m");
    }

    @Test
    void aRollbackHasTheSamplesThatBrokeTheRule() {
        pass(Duration.ofMinutes(3));
        signals.candidateErrors = 0.5;
        pass(Duration.ofMinutes(3));

        assertThat(names()).containsExactly("Inject", "Observe", "Start", "RollBack", "FinishRollBack");
        assertThat(last("RollBack"))
                .extracting("reason", "weight", "signal", "scope", "value", "threshold", "window")
                .containsExactly("ErrorRatio", 0, "ErrorRatio", "candidate", "0.5", "0.01", "1m");
        assertThat(last("RollBack").samples())
                .hasSize(5)
                .allSatisfy(sample -> assertThat(sample.value()).isEqualTo("0.5"));
    }

    @Test
    void aDecisionNamesTheCommandThatAskedForItAndTheNextOneDoesNot() {
        pass(Duration.ofMinutes(2));
        type("promote");
        pass(Duration.ofMinutes(4));

        assertThat(last("Start").by()).isNull();
        assertThat(last("Advance").by()).isEqualTo("promote@" + plan.candidate().revision() + "/alice");
        assertThat(last("Promote").by()).isNull();
    }

    @Test
    void whoAbortedAndWhoTriedAgainIsKnown() {
        pass(Duration.ofMinutes(2));
        type("pause");
        pass(Duration.ofMinutes(1));
        type("abort");
        pass(Duration.ofMinutes(1));
        type("retry");
        pass(Duration.ofMinutes(1));

        assertThat(last("Hold").by()).startsWith("pause@");
        assertThat(last("RollBack").by()).startsWith("abort@");
        assertThat(last("Accept").by()).startsWith("retry@");
        assertThat(last("Inject").by()).isNull();
    }

    @Test
    void aHoldIsToldOnceHoweverOftenItIsSeen() {
        signals.missing = true;
        pass(Duration.ofMinutes(4));

        assertThat(names()).containsExactly("Inject", "Observe", "Hold");
        assertThat(last("Hold")).extracting("at", "reason").containsExactly("2026-01-01T00:00:20.000Z", "NoData");
    }

    @Test
    void forgetsHoldsBeforeItForgetsDecisions() {
        pass(Duration.ofMinutes(2));
        type("pause");
        for (int i = 0; i < 30; i++) {
            signals.missing = !signals.missing;
            pass(Duration.ofSeconds(10));
        }

        assertThat(trail()).hasSize(DecisionTrail.MAX);
        assertThat(names()).startsWith("Inject", "Observe", "Start", "Hold");
    }
}
