package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class QuerySignalTest {
    private static final Signal.Query CHECKOUT = new Signal.Query("checkout-errors", "sum(rate(checkout_failed[1m]))");
    private static final StopLossRule RULE = new StopLossRule(CHECKOUT, new Threshold.Fixed(5), minutes(2));
    private static final RolloutPlan PLAN =
            Plans.plan(Plans.FIRST, Limiter.OFF, Plans.CAREFUL, Plans.stopLoss(Plans.ERRORS, RULE));
    private static final UnaryOperator<Seen> HEALTHY = with(0.5);

    @Test
    void aQueryOverItsThresholdForTheWholeWindowRollsBackByItsName() {
        Story story = progressing().during(minutes(1), failing(minutes(10)));
        assertThat(story.rollback().reason().cause()).isEqualTo("checkout-errors");
        assertThat(story.state().history().getFirst().reason()).isEqualTo("checkout-errors");
        assertThat(Sentences.of(story.rollback().reason()))
                .isEqualTo("checkout-errors (service) was 7, at or over 5 for 120 s");
    }

    @Test
    void aConditionsReasonIsTheSameForEveryQuery() {
        assertThat(progressing()
                        .during(minutes(1), failing(minutes(10)))
                        .rollback()
                        .reason()
                        .reason())
                .isEqualTo("Query");
    }

    @Test
    void aQueryThatRecoversInTimeOnlyHolds() {
        Story story = progressing().during(INTERVAL, failing(minutes(1)));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.during(minutes(40), HEALTHY).phase()).isEqualTo(Phase.BAKING);
    }

    @Test
    void aQueryIsJudgedOnceForTheServiceAsAWhole() {
        assertThat(progressing().after(INTERVAL, HEALTHY).last().findings())
                .filteredOn(finding -> finding.signal().equals(CHECKOUT))
                .singleElement()
                .satisfies(finding -> assertThat(finding.scope()).isEqualTo(Scope.SERVICE));
    }

    @Test
    void whatWasRecordedOfTheCandidateIsJudgedAsTheCandidates() {
        Story story = progressing().during(minutes(3), seen -> seen.last(minutes(10), CHECKOUT, Scope.CANDIDATE, 7));
        assertThat(story.rollback().reason())
                .isInstanceOfSatisfying(
                        RollbackReason.StopLossBroken.class,
                        broken -> assertThat(broken.breach().scope()).isEqualTo(Scope.CANDIDATE));
    }

    @Test
    void aQueryThatSaysNothingHoldsAtOnceAndGoesBackWithoutLatching() {
        UnaryOperator<Seen> mute = seen -> seen.with(CHECKOUT, Scope.SERVICE, new Reading.Missing("several series"));
        Story story = progressing().after(INTERVAL, mute);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        assertThat(story.decision())
                .isInstanceOfSatisfying(
                        Decision.Hold.class,
                        hold -> assertThat(hold.message()).isEqualTo("checkout-errors (service): several series"));
        assertThat(story.during(minutes(6), mute).rollback().reason()).isInstanceOf(RollbackReason.NoData.class);
    }

    @Test
    void aQueryThatWasNeverReadIsMissing() {
        assertThat(progressing().after(INTERVAL, seen -> seen).heldBecause()).isEqualTo(HoldReason.NO_DATA);
    }

    @Test
    void aQueryOverItsThresholdWhileObservingKeepsTheFirstStepFromBeginning() {
        Story story = Story.of(PLAN).during(INTERVAL.multipliedBy(3), HEALTHY);
        assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
        story.after(INTERVAL, failing(INTERVAL));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.during(minutes(3), failing(minutes(10))).rollback().fromWeight())
                .isZero();
    }

    @Test
    void aGateLooksAtTheNewestValueOfAQuery() {
        Gates gates = new Gates(List.of(new Gate(CHECKOUT, 3)), 0);
        Story story = progressing().gates(gates).during(minutes(31), with(4));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.GATE_CLOSED);
        assertThat(story.after(INTERVAL, with(3)).phase()).isEqualTo(Phase.BAKING);
    }

    @Test
    void aGateThatCannotSeeItsQueryStaysClosed() {
        Signal.Query other = new Signal.Query("queue", "sum(queue_length)");
        Gates gates = new Gates(List.of(new Gate(other, 3)), 0);
        assertThat(progressing().gates(gates).during(minutes(31), HEALTHY).heldBecause())
                .isEqualTo(HoldReason.GATE_CLOSED);
    }

    @Test
    void aPlanNamesEachOfItsQueriesOnce() {
        Signal.Query other = new Signal.Query("queue", "sum(queue_length)");
        RolloutPlan plan = new RolloutPlan(
                Plans.FIRST,
                Limiter.OFF,
                Plans.CAREFUL,
                PLAN.stopLoss(),
                new Gates(List.of(new Gate(CHECKOUT, 3), new Gate(other, 1), new Gate(Signal.LATENCY_P95, 1)), 0),
                Instructions.NONE);
        assertThat(plan.queries()).containsExactly(CHECKOUT, other);
    }

    private static UnaryOperator<Seen> with(double value) {
        return failing(value, minutes(15));
    }

    private static UnaryOperator<Seen> failing(Duration duration) {
        return failing(7, duration);
    }

    private static UnaryOperator<Seen> failing(double value, Duration duration) {
        return seen -> seen.last(duration, CHECKOUT, Scope.SERVICE, value);
    }

    private static Story progressing() {
        Story story = Story.of(PLAN);
        for (int i = 0; story.phase() != Phase.PROGRESSING; i++) {
            assertThat(i).as("evaluations without a first step").isLessThan(200);
            story.after(INTERVAL, HEALTHY);
        }
        return story;
    }
}
