package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.CAREFUL;
import static sluice.operator.rollout.Plans.FIRST;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.SECOND;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;
import static sluice.operator.rollout.Plans.step;
import static sluice.operator.rollout.Plans.strategy;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RolloutDeciderTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    private static UnaryOperator<Seen> errors(Scope scope) {
        return seen -> seen.last(minutes(6), Signal.ERROR_RATIO, scope, 0.02);
    }

    private static UnaryOperator<Seen> breaching(Scope scope) {
        return seen -> seen.last(seconds(30), Signal.ERROR_RATIO, scope, 0.02);
    }

    private static UnaryOperator<Seen> noTraffic(Scope scope) {
        return seen -> seen.requests(scope, new Reading.NoTraffic());
    }

    private static UnaryOperator<Seen> missing(Signal signal, Scope scope) {
        return seen -> seen.with(signal, scope, new Reading.Missing("gone"));
    }

    @Nested
    class Pending {
        @Test
        void beginsByPuttingSidecarsInPlace() {
            Story story = Story.of(Plans.plan()).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Inject(FIRST));
            assertThat(story.phase()).isEqualTo(Phase.INJECTING);
            assertThat(story.state().injectionWanted()).isTrue();
            assertThat(story.state().epoch()).isEqualTo(2);
            assertThat(story.state().candidate()).contains(FIRST);
            assertThat(story.state().weight()).isZero();
        }

        @Test
        void beginsWithoutAnyDataBecauseThereAreNoSidecarsYet() {
            Story story = Story.of(Plans.plan()).blindDuring(INTERVAL);
            assertThat(story.decision()).isEqualTo(new Decision.Inject(FIRST));
        }

        @Test
        void takesTheInitialLimiterAsTheStableOne() {
            RolloutPlan plan = Plans.plan(FIRST, SECOND, CAREFUL, Plans.stopLoss(Plans.ERRORS));
            Story story = Story.of(plan).after(INTERVAL, HEALTHY);
            assertThat(story.state().stable()).isEqualTo(SECOND);
            assertThat(story.state().stablePromoted()).isFalse();
        }

        @Test
        void waitsForWhateverBlocksItAndNamesIt() {
            Story story = Story.of(Plans.plan()).after(INTERVAL, seen -> seen.blocked("TargetConflict"));
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
            assertThat(story.decision())
                    .isInstanceOfSatisfying(
                            Decision.Hold.class,
                            hold -> assertThat(hold.reason()).isEqualTo("TargetConflict"));
            assertThat(story.state().injectionWanted()).isFalse();
        }

        @Test
        void waitsForeverRatherThanRollingBackWhatNeverBegan() {
            Story story = Story.of(Plans.plan()).during(minutes(60), seen -> seen.blocked("TargetConflict"));
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
            assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void waitsWhileTheServiceBreachesBeforeAnythingWasChanged() {
            Story story = Story.of(Plans.plan()).after(INTERVAL, breaching(Scope.SERVICE));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SERVICE_BREACHING);
            assertThat(story.after(INTERVAL, errors(Scope.SERVICE)).heldBecause())
                    .isEqualTo(HoldReason.SERVICE_BREACHING);
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
        }
    }

    @Nested
    class Injecting {
        @Test
        void waitsUntilEveryDesiredPodHasItsSidecar() {
            Story story = Story.until(Phase.INJECTING).after(INTERVAL, seen -> seen.sidecars(2, 1, 1, 1));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SIDECARS_NOT_READY);
        }

        @Test
        void waitsUntilEverySidecarIsConnectedAndInSync() {
            Story story = Story.until(Phase.INJECTING).after(INTERVAL, seen -> seen.sidecars(2, 2, 2, 1));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SIDECARS_NOT_READY);
        }

        @Test
        void observesOnceEverySidecarIsInSync() {
            Story story = Story.until(Phase.INJECTING);
            long epoch = story.state().epoch();
            story.after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Observe());
            assertThat(story.state().epoch()).isEqualTo(epoch);
        }

        @Test
        void missingDataAreExpected() {
            Story story = Story.until(Phase.INJECTING).blindDuring(INTERVAL);
            assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
        }

        @Test
        void goesBackToNoSidecarsWhenTheServiceBreaks() {
            Story story = Story.until(Phase.INJECTING)
                    .during(minutes(6), seen -> errors(Scope.SERVICE).apply(seen.sidecars(2, 1, 1, 1)));
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            assertThat(story.state().injectionWanted()).isFalse();
            assertThat(story.rollback().reason().reason()).isEqualTo("ErrorRatio");
        }

        @Test
        void keepsTheSidecarsOfAnEarlierPromotionWhenTheServiceBreaks() {
            Story story = Story.untilSecond(Phase.INJECTING)
                    .during(minutes(6), seen -> errors(Scope.SERVICE).apply(seen.sidecars(2, 1, 1, 1)));
            assertThat(story.rollback().revision()).isEqualTo(SECOND.revision());
            assertThat(story.state().injectionWanted()).isTrue();
            assertThat(story.state().stable()).isEqualTo(FIRST);
        }

        @Test
        void errorsFromBeforeDoNotCountAgainstTheSidecars() {
            Story story = Story.until(Phase.INJECTING)
                    .after(seconds(20), seen -> errors(Scope.SERVICE).apply(seen.sidecars(2, 1, 1, 1)));
            assertThat(story.phase()).isEqualTo(Phase.INJECTING);
            assertThat(story.last().findings().getFirst().verdict()).isInstanceOf(Verdict.Breaching.class);
        }

        @Test
        void givesUpAtTheProgressDeadlineAndDoesNotTryAgain() {
            Story story = Story.until(Phase.INJECTING).during(minutes(31), seen -> seen.sidecars(2, 1, 1, 1));
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.ProgressDeadline.class);
            assertThat(story.state().injectionWanted()).isFalse();
            story.during(minutes(1), seen -> seen.sidecars(2, 0, 0, 0));
            assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.LATCHED);
        }

        @Test
        void aTargetWithoutPodsWaitsAsLongAsItTakes() {
            Story story = Story.until(Phase.INJECTING).during(minutes(60), seen -> seen.sidecars(0, 0, 0, 0));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SCALED_TO_ZERO);
            assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.OBSERVING);
        }
    }

    @Nested
    class Unwatched {
        @Test
        void timeWithoutTrafficDoesNotCountForTheHold() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(25), noTraffic(Scope.CANDIDATE));
            assertThat(story.during(minutes(29), HEALTHY).state().weight()).isEqualTo(10);
            assertThat(story.during(minutes(2), HEALTHY).phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void timeAtZeroReplicasDoesNotCountForTheHold() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(90), seen -> seen.sidecars(0, 0, 0, 0));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SCALED_TO_ZERO);
            assertThat(story.during(minutes(29), HEALTHY).state().weight()).isEqualTo(10);
        }

        @Test
        void aLookWithoutACallerTakesNothingFromWhatWasSeenBefore() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(20), HEALTHY);
            story.after(INTERVAL, noTraffic(Scope.CANDIDATE));
            assertThat(story.during(minutes(9), HEALTHY).state().weight()).isEqualTo(10);
            assertThat(story.during(minutes(2), HEALTHY).phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void aCandidateWithFewCallersIsStillJudgedWhenItsHoldIsOver() {
            Story story = Story.until(Phase.PROGRESSING);
            Instant began = story.now();
            while (story.state().weight() == 10) {
                story.during(seconds(50), HEALTHY).after(INTERVAL, noTraffic(Scope.CANDIDATE));
                assertThat(story.now()).isBefore(began.plus(minutes(60)));
            }
            // A sixth of each minute ends with a look that sees nobody.
            assertThat(story.now()).isAfter(began.plus(minutes(35)));
            assertThat(story.phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void theTimeBetweenTwoLooksIsJudgedByTheLaterOne() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(5), HEALTHY);
            Instant held = holdStartedAt(story);
            story.after(INTERVAL, noTraffic(Scope.CANDIDATE)).after(seconds(60), HEALTHY);
            assertThat(holdStartedAt(story)).isEqualTo(held.plus(INTERVAL));
            story.after(seconds(60), noTraffic(Scope.CANDIDATE));
            assertThat(holdStartedAt(story)).isEqualTo(held.plus(INTERVAL).plusSeconds(60));
        }

        @Test
        void anOutageThatEndsWithoutCallersCountsOnce() {
            Story brief = Story.until(Phase.PROGRESSING).during(minutes(5), HEALTHY);
            Instant held = holdStartedAt(brief);
            brief.after(seconds(110), noTraffic(Scope.CANDIDATE));
            assertThat(holdStartedAt(brief)).isEqualTo(held.plusSeconds(110));
            Story tooLong = Story.until(Phase.PROGRESSING).during(minutes(5), HEALTHY);
            tooLong.after(minutes(60), noTraffic(Scope.CANDIDATE));
            assertThat(holdStartedAt(tooLong)).isEqualTo(tooLong.now());
        }

        @Test
        void aClockThatIsBehindGivesNoTimeAway() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(5), HEALTHY);
            Instant held = holdStartedAt(story);
            story.after(seconds(-4), noTraffic(Scope.CANDIDATE));
            assertThat(holdStartedAt(story)).isEqualTo(held);
        }

        @Test
        void aPauseWithoutCallersDoesNotCountForTheHold() {
            Story story =
                    Story.until(Phase.PROGRESSING).during(minutes(1), HEALTHY).told(Verb.PAUSE);
            story.during(minutes(480), noTraffic(Scope.CANDIDATE)).during(minutes(1), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.PAUSED);
            story.told(Verb.RESUME);
            assertThat(story.during(minutes(27), HEALTHY).state().weight()).isEqualTo(10);
            assertThat(story.during(minutes(2), HEALTHY).phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void aPauseAtZeroReplicasDoesNotCountForTheHold() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PAUSE);
            story.during(minutes(90), seen -> seen.sidecars(0, 0, 0, 0)).told(Verb.RESUME);
            assertThat(story.during(minutes(29), HEALTHY).state().weight()).isEqualTo(10);
        }

        @Test
        void whateverElseKeepsItTimeWithoutCallersDoesNotCountForTheHold() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(
                            minutes(25),
                            seen -> noTraffic(Scope.SERVICE).apply(seen).sidecars(2, 2, 2, 1));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SIDECARS_NOT_READY);
            assertThat(story.during(minutes(29), HEALTHY).state().weight()).isEqualTo(10);
        }

        private static Instant holdStartedAt(Story story) {
            return ((Progress.Exposed) story.state().progress()).canary().holdStartedAt();
        }

        @Test
        void aTargetThatIsGoneIsNotTakenForOneScaledToZero() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(1), seen -> seen.sidecars(0, 0, 0, 0).blocked("TargetNotFound"));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.BLOCKED);
        }
    }

    @Nested
    class Observing {
        @Test
        void watchesAtWeightZeroForAsLongAsThePlanSays() {
            Story story = Story.until(Phase.OBSERVING).during(minutes(10).minus(INTERVAL), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.OBSERVING);
            assertThat(story.state().weight()).isZero();
        }

        @Test
        void waitsUntilTheSameRevisionsLastAttemptHasLeftItsRates() {
            UnaryOperator<Seen> lookingBack = seen -> seen.rateWindow(minutes(30));
            Story story = Story.until(Phase.PROGRESSING).told(Verb.ABORT).tellUntil(Phase.ROLLED_BACK);
            Instant endedAt = story.rollback().finish().orElseThrow().at();
            story.told(Verb.RETRY).tellUntil(Phase.OBSERVING).during(minutes(15), lookingBack);

            assertThat(story.decision())
                    .isInstanceOfSatisfying(
                            Decision.Hold.class,
                            hold -> assertThat(hold.until()).contains(endedAt.plus(minutes(30))));
            assertThat(story.during(minutes(20), lookingBack).state().weight()).isEqualTo(10);
        }

        @Test
        void anotherRevisionDoesNotWaitForTheRatesOfTheLastOne() {
            Story story = Story.untilSecond(Phase.OBSERVING).during(minutes(10), seen -> seen.rateWindow(minutes(30)));
            assertThat(story.state().weight()).isEqualTo(10);
        }

        @Test
        void freezesTheBaselineAndStartsTheFirstStep() {
            Story story = Story.until(Phase.OBSERVING);
            long epoch = story.state().epoch();
            story.during(minutes(10), HEALTHY);
            assertThat(story.decision())
                    .isInstanceOfSatisfying(
                            Decision.Start.class,
                            start -> assertThat(start.baseline().of(Signal.AUTH_FAILURES))
                                    .hasValue(0.01));
            assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
            assertThat(story.state().weight()).isEqualTo(10);
            assertThat(story.state().needsLease()).isTrue();
            assertThat(story.state().epoch()).isEqualTo(epoch + 1);
        }

        @Test
        void aPlanOfOneStepBakesAtOnce() {
            Story story = Story.of(Plans.plan(FIRST, strategy(minutes(1), step(100, 5))));
            assertThat(story.tellUntil(Phase.BAKING).state().weight()).isEqualTo(100);
        }

        @Test
        void goesBackToNoSidecarsWhenTheServiceBreaks() {
            Story story = Story.until(Phase.OBSERVING).during(minutes(6), errors(Scope.SERVICE));
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            assertThat(story.state().injectionWanted()).isFalse();
        }

        @Test
        void holdsWithoutABaselineAsMissingData() {
            UnaryOperator<Seen> none = seen -> seen.baseline(Signal.AUTH_FAILURES, new Reading.Missing("gone"));
            Story story = Story.until(Phase.OBSERVING).during(minutes(10), none);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
            assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
        }

        @Test
        void doesNotStartWhileTheServiceBreachesWhatTheBaselineMakesOfARule() {
            UnaryOperator<Seen> refused = seen -> seen.last(minutes(1), Signal.AUTH_FAILURES, Scope.SERVICE, 0.2);
            Story story = Story.until(Phase.OBSERVING).during(minutes(10), refused);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
            assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
            assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.PROGRESSING);
        }

        @Test
        void aServiceWithoutTrafficWaitsAsLongAsItTakesBecauseNothingIsExposed() {
            Story story = Story.until(Phase.OBSERVING).during(minutes(90), noTraffic(Scope.SERVICE));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_TRAFFIC);
            assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.PROGRESSING);
        }

        @Test
        void firstScrapesMayTakeAsLongAsTheObservation() {
            Story story = Story.until(Phase.OBSERVING).blindDuring(minutes(10).minus(INTERVAL));
            assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        }

        @Test
        void rollsBackForMissingDataButKeepsTheSidecars() {
            Story story = Story.until(Phase.OBSERVING).blindDuring(minutes(11));
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.NoData.class);
            assertThat(story.state().injectionWanted()).isTrue();
        }

        @Test
        void missingDataHoldEvenWhenTheTimeIsOver() {
            Story story = Story.until(Phase.OBSERVING)
                    .during(minutes(9), HEALTHY)
                    .during(minutes(2), missing(Signal.ERROR_RATIO, Scope.SERVICE));
            assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        }
    }

    @Nested
    class Progressing {
        @Test
        void holdsUntilTheStepIsOver() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(30).minus(INTERVAL), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOLDING);
            assertThat(story.state().weight()).isEqualTo(10);
        }

        @Test
        void advancesWhenTheHoldIsOverAndEverythingIsHealthy() {
            Story story = Story.until(Phase.PROGRESSING);
            long epoch = story.state().epoch();
            story.during(minutes(30), HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Advance(1, 100));
            assertThat(story.phase()).isEqualTo(Phase.BAKING);
            assertThat(story.state().epoch()).isEqualTo(epoch + 1);
        }

        @Test
        void takesOneStepPerEvaluationHoweverMuchTimeHasPassed() {
            RolloutPlan plan = Plans.plan(FIRST, strategy(minutes(1), step(10, 0), step(50, 0), step(100, 0)));
            Story story = Story.of(plan).tellUntil(Phase.PROGRESSING);
            assertThat(story.after(minutes(1), HEALTHY).state().weight()).isEqualTo(50);
            assertThat(story.after(minutes(1), HEALTHY).state().weight()).isEqualTo(100);
        }

        @Test
        void everyStepHasItsOwnHold() {
            RolloutPlan plan = Plans.plan(FIRST, strategy(minutes(1), step(10, 5), step(50, 5), step(100, 5)));
            Story story = Story.of(plan).tellUntil(Phase.PROGRESSING).during(minutes(5), HEALTHY);
            assertThat(story.state().weight()).isEqualTo(50);
            assertThat(story.during(minutes(4), HEALTHY).state().weight()).isEqualTo(50);
            assertThat(story.during(minutes(1), HEALTHY).state().weight()).isEqualTo(100);
        }

        @Test
        void rollsBackWhenTheCandidateBreaksARule() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(5), errors(Scope.CANDIDATE));
            assertThat(story.decision())
                    .isInstanceOfSatisfying(
                            Decision.RollBack.class,
                            back -> assertThat(back.removesSidecars()).isFalse());
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            assertThat(story.state().weight()).isZero();
            assertThat(story.state().injectionWanted()).isTrue();
            assertThat(story.rollback().fromWeight()).isEqualTo(10);
        }

        @Test
        void rollsBackInOneTransitionThatRaisesTheEpoch() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(5).minus(INTERVAL), errors(Scope.CANDIDATE));
            long epoch = story.state().epoch();
            assertThat(story.state().weight()).isEqualTo(10);
            story.after(INTERVAL, errors(Scope.CANDIDATE));
            assertThat(story.state().weight()).isZero();
            assertThat(story.state().epoch()).isEqualTo(epoch + 1);
        }

        @Test
        void rollsBackWhenTheWholeServiceBreaksARule() {
            Story story = Story.until(Phase.PROGRESSING).after(INTERVAL, errors(Scope.SERVICE));
            assertThat(story.rollback().reason())
                    .isInstanceOfSatisfying(
                            RollbackReason.StopLossBroken.class,
                            broken -> assertThat(broken.breach().scope()).isEqualTo(Scope.SERVICE));
        }

        @Test
        void everyStopLossRuleRollsBackByItself() {
            for (Signal signal : Signal.builtIn()) {
                Story story = Story.until(Phase.PROGRESSING)
                        .during(minutes(6), seen -> seen.last(minutes(10), signal, Scope.CANDIDATE, 0.9));
                assertThat(story.rollback().reason().reason()).isEqualTo(signal.text());
            }
        }

        @Test
        void breachingHoldsEvenWhenTheStepIsOver() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(29), HEALTHY)
                    .during(minutes(2), breaching(Scope.CANDIDATE));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
            assertThat(story.state().weight()).isEqualTo(10);
            assertThat(story.after(INTERVAL, HEALTHY).state().weight()).isEqualTo(100);
        }

        @Test
        void missingDataHoldAtOnceAndRollBackWhenTheyLast() {
            Story story = Story.until(Phase.PROGRESSING).blindDuring(minutes(5));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
            assertThat(story.state().weight()).isEqualTo(10);
            story.blindDuring(INTERVAL);
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.NoData.class);
        }

        @Test
        void dataThatComeBackInTimeStopTheClock() {
            Story story = Story.until(Phase.PROGRESSING)
                    .blindDuring(minutes(4))
                    .after(INTERVAL, HEALTHY)
                    .blindDuring(minutes(4));
            assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
            assertThat(story.state().timers().missingSince()).isPresent();
            assertThat(story.after(INTERVAL, HEALTHY).state().timers().missingSince())
                    .isEmpty();
        }

        @Test
        void oneMissingSignalIsMissingData() {
            for (Signal signal : Signal.builtIn()) {
                Story story = Story.until(Phase.PROGRESSING).after(INTERVAL, missing(signal, Scope.CANDIDATE));
                assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
            }
        }

        @Test
        void aMissingStableArmIsMissingDataForThrottling() {
            Story story = Story.until(Phase.PROGRESSING).after(INTERVAL, missing(Signal.THROTTLED_RATIO, Scope.STABLE));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        }

        @Test
        void neverAdvancesOnTheEvidenceOfSomeSidecars() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(4), seen -> seen.partial("1 of 4 pods were scraped within the last 30 s"));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
            assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
            assertThat(story.after(INTERVAL, HEALTHY).state().timers().missingSince())
                    .isEmpty();
        }

        @Test
        void comesBackWhenSidecarsStayUnseen() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(6), seen -> seen.partial("1 of 4 pods were scraped within the last 30 s"));
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.NoData.class);
        }

        @Test
        void aRuleThatSomeSidecarsBreakIsBroken() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(
                            minutes(5),
                            seen -> errors(Scope.CANDIDATE).apply(seen).partial("1 of 4 pods were scraped"));
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.StopLossBroken.class);
        }

        @Test
        void aBrokenRuleCountsEvenWhileAnotherSignalIsMissing() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(
                            minutes(5),
                            seen -> errors(Scope.CANDIDATE)
                                    .apply(missing(Signal.LATENCY_P95, Scope.SERVICE)
                                            .apply(seen)));
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.StopLossBroken.class);
        }

        @Test
        void anArmWithoutCallersHoldsAndGoesBackAtTheProgressDeadline() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(30), noTraffic(Scope.CANDIDATE));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_TRAFFIC);
            assertThat(story.state().weight()).isEqualTo(10);
            story.after(INTERVAL, noTraffic(Scope.CANDIDATE));
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.ProgressDeadline.class);
            assertThat(story.state().injectionWanted()).isTrue();
        }

        @Test
        void aSignalWithoutRequestsToJudgeByHolds() {
            Story story = Story.until(Phase.PROGRESSING)
                    .after(INTERVAL, seen -> seen.with(Signal.LATENCY_P95, Scope.CANDIDATE, new Reading.NoTraffic()));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_TRAFFIC);
        }

        @Test
        void holdsWhenOneIdentityMakesMostRequests() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(30), seen -> seen.busiest(0.51));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SUSPICIOUS);
            assertThat(story.state().weight()).isEqualTo(10);
        }

        @Test
        void halfOfTheRequestsIsNotMost() {
            Story story = Story.until(Phase.PROGRESSING).after(INTERVAL, seen -> seen.busiest(0.5));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOLDING);
        }

        @Test
        void aMissingSidecarHolds() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(30), seen -> seen.sidecars(3, 2, 2, 2));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SIDECARS_NOT_READY);
            assertThat(story.state().weight()).isEqualTo(10);
        }

        @Test
        void scaledToZeroIsNeitherMissingDataNorAStall() {
            Story story = Story.until(Phase.PROGRESSING);
            for (int i = 0; i < 600; i++) {
                story.after(
                        INTERVAL,
                        seen -> missing(Signal.ERROR_RATIO, Scope.SERVICE).apply(seen.sidecars(0, 0, 0, 0)));
            }
            assertThat(story.heldBecause()).isEqualTo(HoldReason.SCALED_TO_ZERO);
            assertThat(story.state().weight()).isEqualTo(10);
        }

        @Test
        void aHoldLongerThanTheProgressDeadlineIsNoFailure() {
            RolloutPlan plan = Plans.plan(FIRST, strategy(minutes(1), step(10, 120), step(100, 5)));
            Story story = Story.of(plan).tellUntil(Phase.PROGRESSING).during(minutes(119), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOLDING);
        }

        @Test
        void aNewCandidateStartsOverFromTheStableLimiterAtWeightZero() {
            Story story = Story.until(Phase.PROGRESSING);
            long epoch = story.state().epoch();
            story.plan(Plans.plan(SECOND, CAREFUL)).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Accept(SECOND));
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
            assertThat(story.state().weight()).isZero();
            assertThat(story.state().epoch()).isEqualTo(epoch + 1);
            assertThat(story.state().stable()).isEqualTo(Limiter.OFF);
            assertThat(story.state().injectionWanted()).isTrue();
            assertThat(story.state().history().getFirst().outcome()).isEqualTo("Superseded");
            assertThat(story.state().candidate()).isEmpty();
            assertThat(story.state().servedCandidate()).contains(FIRST);
            assertThat(story.tellUntil(Phase.PROGRESSING).state().candidate()).contains(SECOND);
        }

        @Test
        void besideAStableLimiterNothingIsKeptOfTheLastCandidate() {
            Story story =
                    Story.untilSecond(Phase.PROGRESSING).plan(Plans.plan(FIRST, strategy(minutes(10), step(100, 30))));
            story.after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
            assertThat(story.state().servedCandidate()).isEmpty();
        }

        @Test
        void changedStepsStartOver() {
            Story story = Story.until(Phase.PROGRESSING)
                    .plan(Plans.plan(FIRST, strategy(minutes(10), step(5, 30), step(100, 30))))
                    .after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Accept(FIRST));
            assertThat(story.tellUntil(Phase.PROGRESSING).state().weight()).isEqualTo(5);
        }

        @Test
        void aBrokenCandidateIsRolledBackEvenWhenTheResourceHasChanged() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(4), errors(Scope.CANDIDATE))
                    .plan(Plans.plan(FIRST, strategy(minutes(10), step(5, 30), step(100, 30))));
            Story changed = story.during(minutes(2), errors(Scope.CANDIDATE));
            assertThat(changed.phase()).isIn(Phase.PENDING, Phase.INJECTING, Phase.OBSERVING);
            Story broken = Story.until(Phase.PROGRESSING)
                    .during(minutes(5).minus(INTERVAL), errors(Scope.CANDIDATE))
                    .plan(Plans.plan(FIRST, strategy(minutes(10), step(5, 30), step(100, 30))))
                    .after(INTERVAL, errors(Scope.CANDIDATE));
            assertThat(broken.phase()).isEqualTo(Phase.ROLLING_BACK);
        }

        @Test
        void changedThresholdsApplyAtOnceWithoutStartingOver() {
            RolloutPlan strict = Plans.plan(
                    FIRST,
                    Limiter.OFF,
                    CAREFUL,
                    Plans.stopLoss(new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.0005), Plans.FOR)));
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(5), HEALTHY)
                    .plan(strict)
                    .after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
        }

        @Test
        void evaluationThatComesBackAfterTheDeadManSwitchStartsTheHoldAgain() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(29), HEALTHY)
                    .after(minutes(2).plus(seconds(1)), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.EVALUATION_RESUMED);
            assertThat(story.during(minutes(30).minus(INTERVAL), HEALTHY)
                            .state()
                            .weight())
                    .isEqualTo(10);
            assertThat(story.after(INTERVAL, HEALTHY).state().weight()).isEqualTo(100);
        }

        @Test
        void aPauseShorterThanTheDeadManSwitchCostsNothing() {
            Story story =
                    Story.until(Phase.PROGRESSING).during(minutes(29), HEALTHY).after(minutes(2), HEALTHY);
            assertThat(story.state().weight()).isEqualTo(100);
        }

        @Test
        void theHoldAlsoStartsAgainWhenEvaluationComesBackToMissingData() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(29), HEALTHY)
                    .after(minutes(3), missing(Signal.ERROR_RATIO, Scope.SERVICE))
                    .during(minutes(20), HEALTHY);
            assertThat(story.state().weight()).isEqualTo(10);
        }

        @Test
        void stopLossComesBeforeEverythingWhenEvaluationComesBack() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(4), errors(Scope.CANDIDATE))
                    .after(minutes(3), errors(Scope.CANDIDATE));
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
        }
    }

    @Nested
    class Baking {
        @Test
        void promotesWhenTheLastHoldIsOver() {
            Story story = Story.until(Phase.BAKING);
            long epoch = story.state().epoch();
            story.during(minutes(30), HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Promote(FIRST));
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
            assertThat(story.state().stable()).isEqualTo(FIRST);
            assertThat(story.state().stablePromoted()).isTrue();
            assertThat(story.state().candidate()).isEmpty();
            assertThat(story.state().weight()).isEqualTo(100);
            assertThat(story.state().sidecarWeight()).isZero();
            assertThat(story.state().needsLease()).isFalse();
            assertThat(story.state().epoch()).isEqualTo(epoch + 1);
            assertThat(story.state().history().getFirst().outcome()).isEqualTo("Promoted");
        }

        @Test
        void rollsBackFromOneHundredPercent() {
            Story story = Story.until(Phase.BAKING).after(INTERVAL, errors(Scope.CANDIDATE));
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            assertThat(story.rollback().fromWeight()).isEqualTo(100);
        }

        @Test
        void missingDataRollBackFromOneHundredPercent() {
            Story story = Story.until(Phase.BAKING).blindDuring(minutes(6));
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.NoData.class);
        }

        @Test
        void throttlingIsComparedWithWhatTheStableArmShowedLast() {
            UnaryOperator<Seen> noStable =
                    seen -> seen.with(Signal.THROTTLED_RATIO, Scope.STABLE, new Reading.NoTraffic());
            Story story = Story.until(Phase.BAKING)
                    .during(
                            minutes(3),
                            seen -> noStable.apply(
                                    seen.last(minutes(9), Signal.THROTTLED_RATIO, Scope.CANDIDATE, 0.069)));
            assertThat(story.phase()).isEqualTo(Phase.BAKING);
            story.during(
                    minutes(3),
                    seen -> noStable.apply(seen.last(minutes(9), Signal.THROTTLED_RATIO, Scope.CANDIDATE, 0.071)));
            assertThat(story.rollback().reason().reason()).isEqualTo("ThrottledRatio");
        }

        @Test
        void aMissingStableArmDoesNotMatterWhenNobodyIsInIt() {
            Story story = Story.until(Phase.BAKING).during(minutes(30), missing(Signal.THROTTLED_RATIO, Scope.STABLE));
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
        }
    }

    @Nested
    class Promoted {
        @Test
        void staysPromoted() {
            Story story = Story.until(Phase.PROMOTED).during(minutes(60), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.COMPLETE);
        }

        @Test
        void whatIsNoLongerArmedIsNotTakenBack() {
            Story story = Story.until(Phase.PROMOTED);
            RolloutState promoted = story.state();
            story.blindDuring(minutes(30)).during(minutes(10), errors(Scope.SERVICE));
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
            assertThat(story.state().epoch()).isEqualTo(promoted.epoch());
        }

        @Test
        void aChangedLimiterBeginsARolloutFromThePromotedOne() {
            Story story = Story.until(Phase.PROMOTED).plan(Plans.plan(SECOND, CAREFUL));
            long epoch = story.state().epoch();
            story.after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Accept(SECOND));
            assertThat(story.state().epoch()).isEqualTo(epoch);
            assertThat(story.state().injectionWanted()).isTrue();
            story.tellUntil(Phase.PROMOTED);
            assertThat(story.state().stable()).isEqualTo(SECOND);
            assertThat(story.state().history()).hasSize(2);
        }

        @Test
        void changedStepsOfAPromotedLimiterChangeNothing() {
            Story story = Story.until(Phase.PROMOTED)
                    .plan(Plans.plan(FIRST, strategy(minutes(1), step(100, 1))))
                    .after(INTERVAL, HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.COMPLETE);
        }

        @Test
        void aRolloutThatIsTakenBackToThePromotedLimiterSettles() {
            Story story =
                    Story.untilSecond(Phase.PROGRESSING).plan(Plans.plan()).after(INTERVAL, HEALTHY);
            assertThat(story.state().weight()).isZero();
            story.after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Settle());
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
            assertThat(story.state().stable()).isEqualTo(FIRST);
        }

        @Test
        void aBrokenSecondCandidateLeavesThePromotedOneInPlace() {
            Story story = Story.untilSecond(Phase.PROGRESSING)
                    .during(minutes(5), errors(Scope.CANDIDATE))
                    .tellUntil(Phase.ROLLED_BACK);
            assertThat(story.state().stable()).isEqualTo(FIRST);
            assertThat(story.state().stablePromoted()).isTrue();
            assertThat(story.state().injectionWanted()).isTrue();
        }
    }

    @Nested
    class RollingBack {
        private Story rollingBack() {
            return Story.until(Phase.PROGRESSING).during(minutes(5), errors(Scope.CANDIDATE));
        }

        @Test
        void isOverWhenEverySidecarAcknowledged() {
            Story story = rollingBack().after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.FinishRollBack(RollbackProof.ACKNOWLEDGED));
            assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
        }

        @Test
        void doesNotRaiseTheEpochAgain() {
            Story story = rollingBack();
            long epoch = story.state().epoch();
            assertThat(story.during(minutes(1), HEALTHY).state().epoch()).isEqualTo(epoch);
        }

        @Test
        void waitsForASidecarThatHasNotAcknowledged() {
            Story story = rollingBack().during(minutes(1), seen -> seen.sidecars(2, 2, 2, 1));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.AWAITING_SIDECARS);
            assertThat(story.state().weight()).isZero();
        }

        @Test
        void isOverWhenTheLeaseOfADisconnectedSidecarHasRunOut() {
            Story story = rollingBack().during(minutes(60), seen -> seen.sidecars(2, 2, 1, 1));
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            story.after(INTERVAL, seen -> seen.sidecars(2, 2, 1, 1).leasesOver());
            assertThat(story.decision()).isEqualTo(new Decision.FinishRollBack(RollbackProof.LEASE_EXPIRED));
        }

        @Test
        void aConnectedSidecarThatRefusesIsNeverOver() {
            Story story = rollingBack().during(minutes(60), seen -> seen.sidecars(2, 2, 2, 1));
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
        }

        @Test
        void removalIsOverWhenNoPodHasASidecar() {
            Story story = Story.until(Phase.OBSERVING).during(minutes(5), errors(Scope.SERVICE));
            assertThat(story.after(INTERVAL, seen -> seen.sidecars(2, 1, 1, 1)).phase())
                    .isEqualTo(Phase.ROLLING_BACK);
            story.after(INTERVAL, seen -> seen.sidecars(2, 0, 0, 0));
            assertThat(story.decision()).isEqualTo(new Decision.FinishRollBack(RollbackProof.SIDECARS_REMOVED));
        }

        @Test
        void remembersWhenItWasCommitted() {
            Story story = rollingBack();
            RolloutState committed = story.state().committedAt(story.now().plusMillis(7));
            assertThat(committed.lastRollback().orElseThrow().committedAt())
                    .contains(story.now().plusMillis(7));
            assertThat(committed.committedAt(story.now().plusMillis(9))).isEqualTo(committed);
        }

        @Test
        void aNewCandidateWaitsUntilEverySidecarIsBack() {
            Story story = rollingBack()
                    .plan(Plans.plan(SECOND, CAREFUL))
                    .during(minutes(1), seen -> seen.sidecars(2, 2, 2, 1));
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            story.after(INTERVAL, HEALTHY).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Accept(SECOND));
        }
    }

    @Nested
    class RolledBack {
        private Story rolledBack() {
            return Story.until(Phase.PROGRESSING)
                    .during(minutes(5), errors(Scope.CANDIDATE))
                    .tellUntil(Phase.ROLLED_BACK);
        }

        @Test
        void theSameRevisionIsNotTriedAgain() {
            Story story = rolledBack().during(minutes(120), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.LATCHED);
            assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
        }

        @Test
        void changedStepsDoNotUnlatchIt() {
            Story story = rolledBack()
                    .plan(Plans.plan(FIRST, strategy(minutes(1), step(5, 1), step(100, 1))))
                    .during(minutes(10), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.LATCHED);
        }

        @Test
        void anotherLimiterIsTried() {
            Story story = rolledBack().plan(Plans.plan(SECOND, CAREFUL)).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Accept(SECOND));
            assertThat(story.tellUntil(Phase.PROMOTED).state().stable()).isEqualTo(SECOND);
        }

        @Test
        void goingBackToThePromotedLimiterSettles() {
            Story story = Story.untilSecond(Phase.PROGRESSING)
                    .during(minutes(5), errors(Scope.CANDIDATE))
                    .tellUntil(Phase.ROLLED_BACK);
            long epoch = story.state().epoch();
            story.plan(Plans.plan()).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Settle());
            assertThat(story.state().epoch()).isEqualTo(epoch + 1);
        }
    }

    @Nested
    class Memory {
        @Test
        void historyKeepsTheLastTen() {
            Story story = Story.until(Phase.PROMOTED);
            for (int i = 0; i < 12; i++) {
                Limiter limiter = i % 2 == 0 ? SECOND : FIRST;
                story.plan(Plans.plan(limiter, strategy(minutes(1), step(100, 1))))
                        .after(INTERVAL, HEALTHY)
                        .tellUntil(Phase.PROMOTED);
            }
            assertThat(story.state().history()).hasSize(10);
        }

        @Test
        void theNoteOnADecisionKeepsItsTimeWhileNothingChanges() {
            Story story = Story.until(Phase.PROGRESSING).after(INTERVAL, HEALTHY);
            var since = story.state().lastDecision().orElseThrow().at();
            story.during(minutes(5), HEALTHY);
            assertThat(story.state().lastDecision().orElseThrow().at()).isEqualTo(since);
        }

        @Test
        void timesAreWholeMilliseconds() {
            Story story = Story.of(Plans.plan());
            RolloutState next = RolloutDecider.decide(
                            Plans.plan(),
                            story.state(),
                            Seen.blind(story.now()),
                            story.now().plusNanos(1_234_567))
                    .next();
            assertThat(next.timers().evaluatedAt()).contains(story.now().plusMillis(1));
        }

        @Test
        void findingsComeWithEveryEvaluation() {
            List<Finding> findings = Story.until(Phase.PROGRESSING)
                    .after(INTERVAL, HEALTHY)
                    .last()
                    .findings();
            assertThat(findings).hasSize(7);
            assertThat(findings).allMatch(finding -> finding.verdict() instanceof Verdict.Healthy);
        }
    }
}
