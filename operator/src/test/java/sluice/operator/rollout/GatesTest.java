package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.minutes;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GatesTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();
    private static final Gates TWO_HUNDRED = new Gates(List.of(), 200);
    private static final Gates THROTTLING = gate(Signal.THROTTLED_RATIO, 0.005);
    private static final Signal.Query CHECKOUT = new Signal.Query("checkout-errors", "sum(rate(checkout_failed[1m]))");

    private static Gates gate(Signal signal, double max) {
        return new Gates(List.of(new Gate(signal, max)), 0);
    }

    /** A rollout whose only stop-loss rule is about errors, its first hold just over. */
    private static Story held(Gates gates, UnaryOperator<Seen> different) {
        return Story.of(Plans.plan(Plans.FIRST, Limiter.OFF, Plans.CAREFUL, Plans.stopLoss(Plans.ERRORS)))
                .tellUntil(Phase.PROGRESSING)
                .gates(gates)
                .during(minutes(31), different);
    }

    private static String closed(Gates gates, UnaryOperator<Seen> different) {
        Story story = held(gates, different);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.GATE_CLOSED);
        return story.state().lastDecision().orElseThrow().message();
    }

    private static UnaryOperator<Seen> requests(double count) {
        return seen -> seen.stepRequests(Seen.series(Plans.T0, count, count, minutes(1)));
    }

    @Test
    void exactlyTheMinimumOfRequestsIsEnough() {
        assertThat(held(TWO_HUNDRED, requests(200)).phase()).isEqualTo(Phase.BAKING);
    }

    @Test
    void tooFewRequestsAreCounted() {
        assertThat(closed(TWO_HUNDRED, requests(199.7)))
                .isEqualTo("the candidate has seen 199 of 200 requests in this step");
        assertThat(closed(TWO_HUNDRED, seen -> seen.stepRequests(new Reading.NoTraffic())))
                .isEqualTo("the candidate has seen none of 200 requests in this step");
        assertThat(closed(TWO_HUNDRED, seen -> seen.stepRequests(new Reading.Missing("gone"))))
                .isEqualTo("requests of this step: gone");
    }

    @Test
    void aGateSaysWhatItSees() {
        Gates slow = gate(Signal.LATENCY_P95, 0.12);
        assertThat(closed(slow, seen -> seen.last(minutes(1), Signal.LATENCY_P95, Scope.CANDIDATE, 0.2)))
                .isEqualTo("gate LatencyP95: 0.2 is over 0.12");
        assertThat(closed(slow, seen -> seen.with(Signal.LATENCY_P95, Scope.CANDIDATE, new Reading.NoTraffic())))
                .isEqualTo("gate LatencyP95: there are no requests to judge by");
        assertThat(closed(slow, seen -> seen.with(Signal.LATENCY_P95, Scope.CANDIDATE, new Reading.Missing("gone"))))
                .isEqualTo("gate LatencyP95: gone");
    }

    @Test
    void throttlingIsGatedAsCandidateMinusStable() {
        assertThat(held(THROTTLING, HEALTHY).phase()).isEqualTo(Phase.BAKING);
        assertThat(closed(THROTTLING, seen -> seen.last(minutes(15), Signal.THROTTLED_RATIO, Scope.CANDIDATE, 0.026)))
                .isEqualTo("gate ThrottledRatio: 0.006 is over 0.005");
    }

    @Test
    void atFullWeightThrottlingIsGatedByWhatTheStableArmShowedLast() {
        Story story = Story.until(Phase.BAKING)
                .gates(THROTTLING)
                .during(
                        minutes(30),
                        seen -> seen.with(Signal.THROTTLED_RATIO, Scope.STABLE, new Reading.Missing("gone"))
                                .last(minutes(15), Signal.THROTTLED_RATIO, Scope.CANDIDATE, 0.024));
        assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
    }

    @Test
    void whatWasRecordedOfTheCandidateIsWhatAQuerysGateLooksAt() {
        UnaryOperator<Seen> worseThanTheService = seen ->
                seen.last(minutes(15), CHECKOUT, Scope.CANDIDATE, 4).last(minutes(15), CHECKOUT, Scope.SERVICE, 1);
        assertThat(closed(gate(CHECKOUT, 3), worseThanTheService)).isEqualTo("gate checkout-errors: 4 is over 3");
    }
}
