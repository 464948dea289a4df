package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    private static final Comparison COMPARISON = new Comparison(0.01, 0.95);
    private static final Gates COMPARED = new Gates(List.of(), 0, Optional.of(COMPARISON));
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();
    private static final UnaryOperator<Seen> THIN = tally(3, 210, 12, 1890);
    private static final UnaryOperator<Seen> GOOD = tally(3, 2100, 12, 18_900);
    private static final UnaryOperator<Seen> LITTLE = tally(60, 5_000, 0, 20);
    private static final UnaryOperator<Seen> BAD = tally(63, 2100, 12, 18_900);

    private static UnaryOperator<Seen> tally(
            double errors, double responses, double stableErrors, double stableResponses) {
        return seen ->
                seen.tally(Scope.CANDIDATE, errors, responses).tally(Scope.STABLE, stableErrors, stableResponses);
    }

    /** The step's hold is just over. */
    private static Story held(UnaryOperator<Seen> seen) {
        return Story.until(Phase.PROGRESSING).gates(COMPARED).during(minutes(31), seen);
    }

    private static String message(Story story) {
        return story.state().lastDecision().orElseThrow().message();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # errors, responses, stable errors, stable responses, shown
            0,     0,      0,     0,      NOTHING
            0,     0,      0,     9000,   NOTHING
            0,     900,    0,     0,      NOTHING
            0,     474,    0,     4266,   NOTHING
            0,     475,    0,     4275,   NOT_WORSE
            1,     475,    0,     4275,   NOTHING
            3,     210,    12,    1890,   NOTHING
            3,     2100,   12,    18900,  NOT_WORSE
            63,    2100,   12,    18900,  WORSE
            21,    2100,   0,     18900,  NOTHING
            2100,  2100,   0,     18900,  WORSE
            2100,  2100,   18900, 18900,  NOTHING
            """)
    void saysWhatTheCountsShow(
            double errors, double responses, double stableErrors, double stableResponses, Comparison.Shown shown) {
        assertThat(COMPARISON.shown(
                        new Tally.Counted(responses, errors), new Tally.Counted(stableResponses, stableErrors)))
                .isEqualTo(shown);
    }

    @Test
    void aStepIsLeftWhenItIsShown() {
        Story story = held(THIN);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
        assertThat(story.after(INTERVAL, GOOD).phase()).isEqualTo(Phase.BAKING);
    }

    @Test
    void showingItDoesNotShortenTheHold() {
        Story story = Story.until(Phase.PROGRESSING).gates(COMPARED).during(minutes(29), GOOD);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.HOLDING);
    }

    @Test
    void saysTheFiguresAndWhatItTakes() {
        assertThat(message(held(tally(0, 100, 0, 900))))
                .isEqualTo(
                        "candidate errors 0 of 100, stable 0 of 900: not yet shown to be less than 0.01 worse at 95% confidence;"
                                + " about 475 candidate requests would be enough at these ratios");
        assertThat(message(held(tally(3, 100, 0, 900)))).endsWith("; more requests at these ratios will not show it");
    }

    @Test
    void tooFewRequestsWaitAsLongAsItTakes() {
        Story story = held(THIN).during(minutes(600), THIN);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
        assertThat(story.state().weight()).isEqualTo(10);
    }

    @Test
    void aCandidateThatIsShownToBeWorseGoesBackAtTheProgressDeadline() {
        Story story = held(BAD);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.SHOWN_WORSE);
        assertThat(message(story))
                .isEqualTo("candidate errors 63 of 2100, stable 12 of 18900:"
                        + " shown to be more than 0.01 worse at 95% confidence");
        RollbackReason reason = story.during(minutes(30), BAD).rollback().reason();
        assertThat(reason.reason()).isEqualTo("ProgressDeadlineExceeded");
        assertThat(Sentences.of(reason)).contains("candidate errors 63 of 2100");
    }

    @Test
    void aCandidateThatRecoversGoesOn() {
        Story story = held(BAD).during(minutes(20), BAD).after(INTERVAL, GOOD);
        assertThat(story.phase()).isEqualTo(Phase.BAKING);
    }

    @Test
    void theStopLossIsNeverSoftened() {
        UnaryOperator<Seen> broken =
                seen -> GOOD.apply(seen).last(minutes(6), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.02);
        Story story = Story.until(Phase.PROGRESSING).gates(COMPARED).during(minutes(6), broken);
        assertThat(story.rollback().reason().reason()).isEqualTo("ErrorRatio");
    }

    @Test
    void whatCannotBeCountedIsNotShown() {
        Story story = held(seen -> GOOD.apply(seen).tally(Scope.STABLE, new Tally.Missing("there is no such series")));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
        assertThat(message(story)).isEqualTo("errors (stable) cannot be counted: there is no such series");
        assertThat(held(seen -> seen).heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
    }

    @Test
    void gatesComeFirstAndApprovalsAfter() {
        Gates gated = new Gates(List.of(new Gate(Signal.LATENCY_P95, 0.01)), 0, Optional.of(COMPARISON));
        assertThat(held(THIN).gates(gated).after(INTERVAL, THIN).heldBecause()).isEqualTo(HoldReason.GATE_CLOSED);
        Strategy manual = Plans.strategy(minutes(10), new Step(10, minutes(30), true), Plans.step(100, 30));
        Story story = Story.of(Plans.plan(Plans.FIRST, manual))
                .tellUntil(Phase.PROGRESSING)
                .gates(COMPARED);
        assertThat(story.during(minutes(31), THIN).heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
        assertThat(story.after(INTERVAL, GOOD).heldBecause()).isEqualTo(HoldReason.AWAITING_APPROVAL);
    }

    @Test
    void onlyPromoteFullGoesPastIt() {
        assertThat(held(THIN).told(Verb.PROMOTE).after(INTERVAL, THIN).heldBecause())
                .isEqualTo(HoldReason.NOT_SHOWN_YET);
        Story full = held(THIN).told(Verb.PROMOTE_FULL).after(INTERVAL, THIN);
        assertThat(full.phase()).isEqualTo(Phase.BAKING);
        assertThat(full.during(minutes(31), THIN).heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
    }

    @Test
    void aHoldThatBeginsAgainDoesNotBeginTheCountAgain() {
        Story story = Story.until(Phase.PROGRESSING).gates(COMPARED);
        Instant began = compared(story, Scope.CANDIDATE);
        assertThat(began).isEqualTo(compared(story, Scope.STABLE)).isEqualTo(story.now());
        story.during(minutes(5), seen -> seen.requests(Scope.CANDIDATE, new Reading.NoTraffic()));
        assertThat(compared(story, Scope.CANDIDATE)).isEqualTo(began);
        assertThat(story.state().progress())
                .isInstanceOfSatisfying(
                        Progress.Exposed.class,
                        exposed -> assertThat(exposed.canary().holdStartedAt()).isEqualTo(story.now()));
    }

    @Test
    void atFullWeightTheCandidateIsComparedWithWhatTheStableArmShowedBefore() {
        Story story = Story.until(Phase.PROGRESSING);
        Instant first = story.now();
        story.tellUntil(Phase.BAKING);
        assertThat(compared(story, Scope.CANDIDATE)).isEqualTo(story.now());
        assertThat(compared(story, Scope.STABLE)).isEqualTo(first.minus(minutes(10)));
        story.gates(COMPARED).during(minutes(31), THIN);
        assertThat(message(story)).contains("stable before 12 of 1890");
        assertThat(story.after(INTERVAL, GOOD).phase()).isEqualTo(Phase.PROMOTED);
    }

    private static Instant compared(Story story, Scope arm) {
        return ((Progress.Exposed) story.state().progress()).comparedSince(arm);
    }

    @Test
    void countsNothingBeforeItIsAboutToCompare() {
        Story story = Story.until(Phase.PROGRESSING).during(minutes(29), GOOD);
        assertThat(asked(story.gates(COMPARED)).comparedSince()).isEmpty();
        assertThat(asked(story.told(Verb.SKIP_HOLD)).comparedSince()).hasSize(2);
        story.after(INTERVAL, THIN);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
        assertThat(asked(story).comparedSince()).hasSize(2);

        Story held = held(THIN);
        assertThat(asked(held).comparedSince()).hasSize(2);
        assertThat(asked(held.gates(Gates.NONE)).comparedSince()).isEmpty();
    }

    private static SignalQuery asked(Story story) {
        return SignalQuery.of("apps", "api", story.plan(), story.state(), List.of(), story.now());
    }

    private static Story singleStep() {
        return Story.of(Plans.plan(Plans.FIRST, Plans.strategy(minutes(10), Plans.step(100, 30))))
                .tellUntil(Phase.BAKING)
                .gates(COMPARED);
    }

    @Test
    void whatTheStableArmShowedTooLittleForIsSaidAndGoesBackAtTheProgressDeadline() {
        Story story = singleStep().during(minutes(31), LITTLE);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.CANNOT_BE_SHOWN);
        assertThat(message(story))
                .startsWith("candidate errors 60 of 5000, stable before 0 of 20: more requests will not show it")
                .contains("remove spec.comparison to go on without it")
                .contains("a longer spec.strategy.observe");
        assertThat(story.during(minutes(30), LITTLE).rollback().reason().reason())
                .isEqualTo("ProgressDeadlineExceeded");
    }

    @Test
    void aStableArmThatShowedNothingIsNotWaitedForEither() {
        assertThat(singleStep().during(minutes(31), tally(0, 10, 0, 0)).heldBecause())
                .isEqualTo(HoldReason.CANNOT_BE_SHOWN);
    }

    @Test
    void goesOnOnceTheComparisonIsTakenAway() {
        Story story = singleStep().during(minutes(40), LITTLE);
        assertThat(story.phase()).isEqualTo(Phase.BAKING);
        story.gates(Gates.NONE);
        assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.PROMOTED);
    }

    @Test
    void anEarlyErrorEndsNothing() {
        UnaryOperator<Seen> early = tally(1, 5, 12, 1890);
        assertThat(singleStep().during(minutes(600), early).heldBecause()).isEqualTo(HoldReason.NOT_SHOWN_YET);
    }

    @Test
    void marginsAndConfidencesThatMeanNothingAreRefused() {
        for (double margin : new double[] {-0.1, 0, 1, Double.NaN}) {
            assertThatThrownBy(() -> new Comparison(margin, 0.95)).hasMessageStartingWith("margin: must be");
        }
        for (double confidence : new double[] {0.49, 1, 95, Double.NaN}) {
            assertThatThrownBy(() -> new Comparison(0.01, confidence)).hasMessageStartingWith("confidence: must be");
        }
    }

    @Property
    void anotherErrorNeverHelpsAndAnotherGoodRequestNeverHurts(
            @ForAll("counts") Tally.Counted candidate, @ForAll("counts") Tally.Counted stable) {
        Tally.Counted withError = new Tally.Counted(candidate.responses() + 1, candidate.errors() + 1);
        Tally.Counted oneMore = new Tally.Counted(candidate.responses() + 1, candidate.errors());
        if (COMPARISON.shown(withError, stable) == Comparison.Shown.NOT_WORSE) {
            assertThat(COMPARISON.shown(oneMore, stable)).isEqualTo(Comparison.Shown.NOT_WORSE);
        }
        if (COMPARISON.shown(candidate, stable) == Comparison.Shown.NOT_WORSE) {
            assertThat(COMPARISON.shown(oneMore, stable)).isEqualTo(Comparison.Shown.NOT_WORSE);
        }
    }

    @Property
    void aStricterComparisonNeverShowsMore(
            @ForAll("counts") Tally.Counted candidate,
            @ForAll("counts") Tally.Counted stable,
            @ForAll @IntRange(min = 1, max = 98) int percent) {
        if (new Comparison(percent / 100.0, 0.99).shown(candidate, stable) == Comparison.Shown.NOT_WORSE) {
            assertThat(new Comparison(percent / 100.0, 0.9).shown(candidate, stable))
                    .isEqualTo(Comparison.Shown.NOT_WORSE);
            assertThat(new Comparison((percent + 1) / 100.0, 0.99).shown(candidate, stable))
                    .isEqualTo(Comparison.Shown.NOT_WORSE);
        }
    }

    @Property(tries = 50)
    void noStepIsEverLeftWithoutItsBeingShown(@ForAll("histories") List<Tally.Counted> history) {
        Story story = Story.until(Phase.PROGRESSING).gates(COMPARED);
        for (int i = 0; i + 1 < history.size(); i += 2) {
            Tally.Counted candidate = history.get(i);
            Tally.Counted stable = history.get(i + 1);
            story.during(
                    minutes(10), seen -> seen.tally(Scope.CANDIDATE, candidate).tally(Scope.STABLE, stable));
            if (story.state().weight() == 100) {
                assertThat(COMPARISON.shown(candidate, stable)).isEqualTo(Comparison.Shown.NOT_WORSE);
                return;
            }
        }
    }

    @Provide
    Arbitrary<Tally.Counted> counts() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 20_000),
                        Arbitraries.doubles().between(0, 1))
                .as((responses, share) -> new Tally.Counted(responses, Math.floor(responses * share * share * share)));
    }

    @Provide
    Arbitrary<List<Tally.Counted>> histories() {
        return counts().list().ofSize(16);
    }
}
