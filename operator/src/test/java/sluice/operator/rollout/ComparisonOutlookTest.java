package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.minutes;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a comparison that shows nothing says of what it would take. */
class ComparisonOutlookTest {
    private static final Gates COMPARED = new Gates(List.of(), 0, Optional.of(new Comparison(0.01, 0.95)));

    private static UnaryOperator<Seen> tally(
            double errors, double responses, double stableErrors, double stableResponses) {
        return seen ->
                seen.tally(Scope.CANDIDATE, errors, responses).tally(Scope.STABLE, stableErrors, stableResponses);
    }

    private static Story atTenPercent(UnaryOperator<Seen> seen) {
        return Story.until(Phase.PROGRESSING).gates(COMPARED).during(minutes(31), seen);
    }

    private static Story atFullWeight(UnaryOperator<Seen> seen) {
        return Story.until(Phase.BAKING).gates(COMPARED).during(minutes(31), seen);
    }

    private static String message(Story story) {
        return story.state().lastDecision().orElseThrow().message();
    }

    @Test
    void thereIsNoneWithoutRequests() {
        assertThat(message(atTenPercent(tally(0, 0, 0, 900)))).endsWith("at 95% confidence");
        assertThat(message(atTenPercent(tally(0, 100, 0, 0)))).endsWith("at 95% confidence");
    }

    @Test
    void bothArmsGrowWhileBothAreServed() {
        assertThat(message(atTenPercent(tally(2, 300, 9, 2_700))))
                .startsWith("candidate errors 2 of 300, stable 9 of 2700: not yet shown")
                .endsWith("; about 3650 candidate requests would be enough at these ratios");
    }

    @Test
    void onlyTheCandidatesRequestsGrowAtFullWeight() {
        assertThat(message(atFullWeight(tally(2, 300, 9, 2_700))))
                .startsWith("candidate errors 2 of 300, stable before 9 of 2700: not yet shown")
                .endsWith("; about 3672 candidate requests would be enough at these ratios");
    }

    @Test
    void requestsAreCalledEnoughUpToABillionTimesWhatWasCounted() {
        assertThat(message(atTenPercent(tally(19.9985, 1_000, 10, 1_000))))
                .endsWith("candidate requests would be enough at these ratios");
        assertThat(message(atTenPercent(tally(19.999, 1_000, 10, 1_000))))
                .endsWith("; more requests at these ratios will not show it");
    }

    @Test
    void asManyRequestsAsTheStableArmHadAreEnoughToGiveUp() {
        assertThat(atFullWeight(tally(1, 20, 0, 20)).heldBecause()).isEqualTo(HoldReason.CANNOT_BE_SHOWN);
        assertThat(atFullWeight(tally(1, 19, 0, 20)).heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
    }

    @Test
    void aConfidenceOfOneHalfIsTheLeastThatMeansSomething() {
        assertThat(new Comparison(0.01, 0.5).confidence()).isEqualTo(0.5);
    }
}
