package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.FIRST;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.SECOND;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a promoted limiter is taken back for, and what not. */
class AfterPromotionTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    private static Seen errors(Seen seen) {
        return seen.last(minutes(6), Signal.ERROR_RATIO, Scope.SERVICE, 0.02);
    }

    private static Story promoted() {
        return Story.of(Plans.armed(FIRST, minutes(60))).tellUntil(Phase.PROMOTED);
    }

    private static Story promotedTwice() {
        return promoted()
                .plan(Plans.armed(SECOND, minutes(60)))
                .after(INTERVAL, HEALTHY)
                .tellUntil(Phase.PROMOTED);
    }

    @Test
    void keepsTheLimiterBeforeUntilTheTimeIsOver() {
        Story story = promoted();
        RolloutState promoted = story.state();
        assertThat(promoted.armed()).map(Armed::previousStable).contains(Limiter.OFF);
        assertThat(promoted.isWatched()).isTrue();
        story.during(minutes(60).minus(INTERVAL), HEALTHY);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.ARMED);
        assertThat(story.state().armed()).isEqualTo(promoted.armed());
        story.after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Disarm());
        assertThat(story.state().armed()).isEmpty();
        assertThat(story.state().isWatched()).isFalse();
        assertThat(story.state().epoch()).isEqualTo(promoted.epoch());
        assertThat(story.after(INTERVAL, HEALTHY).heldBecause()).isEqualTo(HoldReason.COMPLETE);
    }

    @Test
    void aBrokenRuleTakesEverybodyBack() {
        Story story = promoted();
        long epoch = story.state().epoch();
        story.after(minutes(1), AfterPromotionTest::errors);
        assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(story.state().stable()).isEqualTo(Limiter.OFF);
        assertThat(story.state().stablePromoted()).isFalse();
        assertThat(story.state().candidate()).contains(FIRST);
        assertThat(story.state().weight()).isZero();
        assertThat(story.state().epoch()).isEqualTo(epoch + 1);
        assertThat(story.state().injectionWanted()).isTrue();
        assertThat(story.rollback().fromWeight()).isEqualTo(100);
        assertThat(story.rollback().afterPromotion()).isTrue();
        assertThat(story.state().history()).map(HistoryEntry::outcome).containsExactly("RolledBack", "Promoted");
    }

    @Test
    void whatWasTakenBackIsNotTriedAgain() {
        Story story = promoted().after(INTERVAL, AfterPromotionTest::errors).during(minutes(120), HEALTHY);
        assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.LATCHED);
    }

    @Test
    void goesBackToTheOneThatWasPromotedBefore() {
        Story story =
                promotedTwice().after(INTERVAL, AfterPromotionTest::errors).tellUntil(Phase.ROLLED_BACK);
        assertThat(story.state().stable()).isEqualTo(FIRST);
        assertThat(story.state().stablePromoted()).isTrue();
        story.plan(Plans.armed(FIRST, minutes(60))).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Settle());
        assertThat(story.state().armed()).isEmpty();
    }

    @Test
    void missingDataOnlyAlert() {
        Story story = promoted();
        long epoch = story.state().epoch();
        story.blindDuring(minutes(50));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
        assertThat(story.state().epoch()).isEqualTo(epoch);
        assertThat(story.after(INTERVAL, HEALTHY).heldBecause()).isEqualTo(HoldReason.ARMED);
    }

    @Test
    void aBrokenRuleCountsAlsoWhenSomeSidecarsCannotBeSeen() {
        Story story = promoted().after(INTERVAL, seen -> errors(seen.partial("1 of 2 pods were scraped")));
        assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
    }

    @Test
    void aBreachThatHasNotLastedOnlyAlerts() {
        Story story =
                promoted().after(INTERVAL, seen -> seen.last(seconds(30), Signal.ERROR_RATIO, Scope.SERVICE, 0.02));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
    }

    private static Seen breaching(Seen seen) {
        return seen.last(seconds(30), Signal.ERROR_RATIO, Scope.SERVICE, 0.02);
    }

    @Test
    void whoReplacesALimiterThatBreachesDoesNotLoseTheWayBack() {
        Story story = promoted().plan(Plans.armed(SECOND, minutes(60))).after(INTERVAL, AfterPromotionTest::breaching);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.state().armed()).map(Armed::previousStable).contains(Limiter.OFF);
        story.after(INTERVAL, AfterPromotionTest::errors);
        assertThat(story.state().stable()).isEqualTo(Limiter.OFF);
        story.tellUntil(Phase.ROLLED_BACK).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Accept(SECOND));
    }

    @Test
    void whoAsksForTheLimiterBeforeWhileThisOneBreachesGetsItAtOnce() {
        Story story =
                promotedTwice().plan(Plans.armed(FIRST, minutes(60))).after(INTERVAL, AfterPromotionTest::breaching);
        assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(story.state().stable()).isEqualTo(FIRST);
        story.tellUntil(Phase.ROLLED_BACK).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Settle());
    }

    @Test
    void aTargetWithoutPodsIsNoReasonToWorry() {
        Story story = promoted();
        story.after(
                INTERVAL,
                seen -> seen.sidecars(0, 0, 0, 0).with(Signal.ERROR_RATIO, Scope.SERVICE, new Reading.Missing("gone")));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.ARMED);
    }

    @Test
    void aServiceWithoutTrafficIsNoReasonToWorry() {
        Story story = promoted().after(INTERVAL, seen -> seen.requests(Scope.SERVICE, new Reading.NoTraffic()));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.ARMED);
    }

    @Test
    void whatIsSeenOnlyAfterTheTimeChangesNothing() {
        Story story = promoted().after(minutes(60), AfterPromotionTest::errors);
        assertThat(story.decision()).isEqualTo(new Decision.Disarm());
        assertThat(story.during(minutes(10), AfterPromotionTest::errors).phase())
                .isEqualTo(Phase.PROMOTED);
    }

    @Test
    void noTimeDisarmsAtOnce() {
        Story story = Story.of(Plans.armed(FIRST, Duration.ZERO)).tellUntil(Phase.PROMOTED);
        assertThat(story.state().armed()).isEmpty();
        assertThat(story.during(minutes(10), AfterPromotionTest::errors).heldBecause())
                .isEqualTo(HoldReason.COMPLETE);
    }

    @Test
    void theTimeCanBeChangedAsLongAsItRuns() {
        Story story = promoted().during(minutes(20), HEALTHY).plan(Plans.armed(FIRST, minutes(10)));
        assertThat(story.after(INTERVAL, AfterPromotionTest::errors).decision()).isEqualTo(new Decision.Disarm());
    }

    @Test
    void throttlingIsComparedWithWhatTheStableArmShowedLastAndOnlyTold() {
        Story story = promoted().during(minutes(10), throttled(0.069));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.ARMED);
        story.during(minutes(10), throttled(0.071));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
    }

    @Test
    void throttlingHidesNothingElseAndKeepsNobodyFromReplacingTheLimiter() {
        Story story = promoted();
        story.after(INTERVAL, seen -> errors(throttled(0.5).apply(seen)));
        assertThat(story.rollback().reason().reason()).isEqualTo("ErrorRatio");

        Story replaced = promoted().plan(Plans.armed(SECOND, minutes(60))).after(INTERVAL, throttled(0.5));
        assertThat(replaced.decision()).isEqualTo(new Decision.Accept(SECOND));
    }

    private static UnaryOperator<Seen> throttled(double ratio) {
        return seen -> seen.last(minutes(9), Signal.THROTTLED_RATIO, Scope.SERVICE, ratio)
                .last(minutes(9), Signal.THROTTLED_RATIO, Scope.STABLE, ratio);
    }

    @Test
    void authenticationIsComparedWithTheBaselineOfTheRollout() {
        Story story = promoted().during(minutes(6), failing(0.029));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.ARMED);
        story.after(INTERVAL, failing(0.031));
        assertThat(story.rollback().reason().reason()).isEqualTo("AuthFailures");
    }

    private static UnaryOperator<Seen> failing(double share) {
        return seen -> seen.last(minutes(9), Signal.AUTH_FAILURES, Scope.SERVICE, share);
    }

    @Test
    void whatTheLimiterBeforeDidDoesNotCount() {
        UnaryOperator<Seen> noisy = seen -> seen.last(minutes(14), Signal.ERROR_RATIO, Scope.SERVICE, 0.005);
        StopLossRule strict = new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.004), minutes(5));
        Strategy quick = Plans.strategy(seconds(10), new Step(100, seconds(20)));
        Story story = Story.of(plan(quick, Plans.ERRORS));
        while (story.phase() != Phase.PROMOTED) {
            story.after(INTERVAL, noisy);
        }
        story.plan(plan(quick, strict)).during(minutes(4), noisy);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.during(minutes(2), noisy).phase()).isNotEqualTo(Phase.PROMOTED);
    }

    private static RolloutPlan plan(Strategy strategy, StopLossRule rule) {
        return Plans.plan(
                FIRST,
                Limiter.OFF,
                strategy,
                new StopLoss("default", INTERVAL, List.of(rule), minutes(5), minutes(30), minutes(2), minutes(60)));
    }

    @Test
    void aTimeWithoutEvaluationChangesNothing() {
        Story story = promoted().after(minutes(30), HEALTHY);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.ARMED);
    }

    @Test
    void aSidecarWithoutContactKeepsItSoTheRollbackIsNotOver() {
        Story story = promoted()
                .after(INTERVAL, AfterPromotionTest::errors)
                .during(minutes(30), seen -> seen.sidecars(2, 2, 1, 1).leasesOver());
        assertThat(story.heldBecause()).isEqualTo(HoldReason.AWAITING_SIDECARS);
        story.after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.FinishRollBack(RollbackProof.ACKNOWLEDGED));
    }

    @Test
    void aChangedLimiterBeginsFromThePromotedOneAndForgetsTheOneBefore() {
        Story story = promoted().plan(Plans.armed(SECOND, minutes(60))).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Accept(SECOND));
        assertThat(story.state().armed()).isEmpty();
        story.tellUntil(Phase.PROGRESSING)
                .after(INTERVAL, AfterPromotionTest::errors)
                .tellUntil(Phase.ROLLED_BACK);
        assertThat(story.state().stable()).isEqualTo(FIRST);
    }

    @Test
    void aBrokenRuleComesBeforeAChangedLimiter() {
        Story story = promoted().plan(Plans.armed(SECOND, minutes(60))).after(INTERVAL, AfterPromotionTest::errors);
        assertThat(story.state().stable()).isEqualTo(Limiter.OFF);
        story.tellUntil(Phase.ROLLED_BACK).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Accept(SECOND));
    }

    @Test
    void somebodyCanTakeItBackAsLongAsItIsArmed() {
        Story story = promoted().told(Verb.ABORT).after(INTERVAL, HEALTHY);
        assertThat(story.rollback().reason()).isEqualTo(new RollbackReason.Aborted());
        assertThat(story.state().stable()).isEqualTo(Limiter.OFF);
        assertThat(story.during(minutes(10), HEALTHY).heldBecause()).isEqualTo(HoldReason.LATCHED);
    }

    @Test
    void suspendingDoesNotDisarm() {
        Story story = promoted().suspended(true).after(INTERVAL, AfterPromotionTest::errors);
        assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
    }
}
