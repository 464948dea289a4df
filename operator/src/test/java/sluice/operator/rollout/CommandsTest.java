package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.FIRST;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;
import static sluice.operator.rollout.Plans.step;
import static sluice.operator.rollout.Plans.strategy;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import sluice.operator.rollout.CommandNote.Outcome;

class CommandsTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();
    private static final Strategy APPROVED =
            strategy(minutes(10), new Step(10, minutes(30), true), step(50, 30), step(100, 30));

    private static Seen breaching(Seen seen) {
        return seen.last(seconds(30), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.02);
    }

    private static Seen broken(Seen seen) {
        return seen.last(minutes(6), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.02);
    }

    private static CommandNote answer(Story story) {
        return story.state().orders().last().orElseThrow();
    }

    @Nested
    class Pausing {
        @Test
        void keepsTheWeightForAsLongAsItTakesAndGoesOnAfterwards() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PAUSE).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PAUSED);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.DONE);
            story.during(minutes(600), HEALTHY);
            assertThat(story.state().weight()).isEqualTo(10);
            assertThat(story.told(Verb.RESUME).after(INTERVAL, HEALTHY).decision())
                    .isEqualTo(new Decision.Advance(1, 100));
        }

        @Test
        void leavesTheStopLossArmed() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PAUSE).during(minutes(6), CommandsTest::broken);
            assertThat(story.rollback().reason().reason()).isEqualTo("ErrorRatio");
            assertThat(story.state().orders().has(Order.PAUSED)).isFalse();
        }

        @Test
        void isNoReasonToFlyBlind() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PAUSE).after(INTERVAL, HEALTHY);
            assertThat(story.blindDuring(minutes(6)).rollback().reason().reason())
                    .isEqualTo("NoData");
        }

        @Test
        void keepsTheFirstStepFromBeginning() {
            Story story = Story.until(Phase.OBSERVING).told(Verb.PAUSE).during(minutes(60), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PAUSED);
            assertThat(story.state().weight()).isZero();
            assertThat(story.told(Verb.RESUME).after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.PROGRESSING);
        }

        @Test
        void keepsWhatIsPendingFromBeginning() {
            Story story = Story.until(Phase.PENDING).told(Verb.PAUSE).during(minutes(60), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PAUSED);
            assertThat(story.state().progress()).isInstanceOf(Progress.Pending.class);
            assertThat(story.told(Verb.RESUME).after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void keepsTheNextCandidateFromBeginningToo() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PAUSE).after(INTERVAL, HEALTHY);
            story.plan(Plans.plan(Plans.SECOND, Plans.CAREFUL)).during(minutes(60), HEALTHY);
            assertThat(story.state().progress()).isInstanceOf(Progress.Pending.class);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.PAUSED);
            assertThat(story.told(Verb.RESUME).after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void whoeverIsLateWithTheLastCandidateKeepsThisOneFromNothing() {
            Story story = Story.untilSecond(Phase.PENDING);
            story.told("abort@%s/late".formatted(story.state().stable().revision()))
                    .after(INTERVAL, HEALTHY);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.IGNORED);
            assertThat(story.phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void whoeverEndsItMayNameTheStableRevisionBeforeTheNextBegins() {
            Story story = Story.untilSecond(Phase.PENDING).told(Verb.PAUSE).after(INTERVAL, HEALTHY);
            story.told("resume@%s/late".formatted(FIRST.revision())).after(INTERVAL, HEALTHY);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.DONE);
            assertThat(story.phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void whoeverNamesAThirdRevisionDoesNotEndItBeforeTheNextBegins() {
            Story story = Story.untilSecond(Phase.PENDING).told(Verb.PAUSE).after(INTERVAL, HEALTHY);
            story.told("resume@3333333333/1").after(INTERVAL, HEALTHY);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.IGNORED);
            assertThat(story.phase()).isEqualTo(Phase.PAUSED);
        }

        @Test
        void whatIsAbortedBeforeItBeginsIsNotTriedByItself() {
            Story story =
                    Story.until(Phase.PENDING).told(Verb.ABORT).during(minutes(60), seen -> seen.sidecars(2, 0, 0, 0));
            assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.LATCHED);
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.Aborted.class);
            story.told(Verb.RETRY).after(INTERVAL, HEALTHY).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void aLongPauseIsNoMissedDeadline() {
            Story story = Story.until(Phase.PROGRESSING)
                    .told(Verb.PAUSE)
                    .during(minutes(120), seen -> seen.sidecars(3, 2, 2, 2));
            assertThat(story.phase()).isEqualTo(Phase.PAUSED);
        }

        @Test
        void resumingWhatIsNotPausedIsIgnored() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.RESUME).after(INTERVAL, HEALTHY);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.IGNORED);
            assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
        }
    }

    @Nested
    class Approving {
        private Story waiting() {
            return Story.of(Plans.plan(FIRST, APPROVED))
                    .tellUntil(Phase.PROGRESSING)
                    .during(minutes(31), HEALTHY);
        }

        @Test
        void aManualStepWaitsOnceItsHoldIsOver() {
            Story story = waiting();
            assertThat(story.heldBecause()).isEqualTo(HoldReason.AWAITING_APPROVAL);
            assertThat(story.phase()).isEqualTo(Phase.PAUSED);
            assertThat(story.during(minutes(600), HEALTHY).state().weight()).isEqualTo(10);
        }

        @Test
        void promoteLetsItGoOn() {
            Story story = waiting().told(Verb.PROMOTE).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Advance(1, 50));
            assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
        }

        @Test
        void approvingEarlyEndsNoHold() {
            Story story = Story.of(Plans.plan(FIRST, APPROVED))
                    .tellUntil(Phase.PROGRESSING)
                    .told(Verb.PROMOTE)
                    .during(minutes(29), HEALTHY);
            assertThat(story.state().weight()).isEqualTo(10);
            assertThat(story.during(minutes(2), HEALTHY).state().weight()).isEqualTo(50);
        }

        @Test
        void skippingTheHoldApprovesNothing() {
            Story story = Story.of(Plans.plan(FIRST, APPROVED))
                    .tellUntil(Phase.PROGRESSING)
                    .told(Verb.SKIP_HOLD)
                    .after(INTERVAL, HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.AWAITING_APPROVAL);
        }

        @Test
        void aBreachKeepsAnApprovedStepWhereItIs() {
            Story story = waiting().told(Verb.PROMOTE).after(INTERVAL, CommandsTest::breaching);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
            assertThat(story.after(INTERVAL, HEALTHY).decision()).isEqualTo(new Decision.Advance(1, 50));
        }

        @Test
        void resumeIsNoApproval() {
            Story story = waiting().told(Verb.RESUME).after(INTERVAL, HEALTHY);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.IGNORED);
            assertThat(answer(story).message()).contains("promote");
            assertThat(story.phase()).isEqualTo(Phase.PAUSED);
        }
    }

    @Nested
    class Promoting {
        @Test
        void endsTheHoldOfAStepThatNeedsNoApproval() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PROMOTE).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Advance(1, 100));
        }

        @Test
        void countsForOneStepOnly() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PROMOTE).during(minutes(29), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.BAKING);
            assertThat(story.during(minutes(2), HEALTHY).phase()).isEqualTo(Phase.PROMOTED);
        }

        @Test
        void inFullGoesStraightToTheLastStepAndStillBakes() {
            Story story = Story.of(Plans.plan(FIRST, APPROVED))
                    .tellUntil(Phase.PROGRESSING)
                    .told(Verb.PROMOTE_FULL)
                    .after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Advance(2, 100));
            assertThat(story.during(minutes(29), HEALTHY).phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void inFullTypedTwiceDoesNotSkipTheBake() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PROMOTE_FULL).after(INTERVAL, HEALTHY);
            story.told(Verb.PROMOTE_FULL).during(minutes(29), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.BAKING);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.IGNORED);
        }

        @Test
        void inFullEndsAPause() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PAUSE).after(INTERVAL, HEALTHY);
            assertThat(story.told(Verb.PROMOTE_FULL).after(INTERVAL, HEALTHY).decision())
                    .isEqualTo(new Decision.Advance(1, 100));
        }

        @Test
        void inFullNeverRaisesTheWeightDuringABreach() {
            Story story =
                    Story.until(Phase.PROGRESSING).told(Verb.PROMOTE_FULL).after(INTERVAL, CommandsTest::breaching);
            assertThat(story.state().weight()).isEqualTo(10);
        }

        @Test
        void inFullAfterAnAbortIsIgnored() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.ABORT).during(seconds(20), HEALTHY);
            story.told(Verb.PROMOTE_FULL).during(minutes(60), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.IGNORED);
        }
    }

    @Nested
    class Aborting {
        @Test
        void goesBackAtOnceAndLatches() {
            Story story = Story.until(Phase.BAKING).told(Verb.ABORT).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            assertThat(story.state().weight()).isZero();
            assertThat(story.rollback().reason()).isEqualTo(new RollbackReason.Aborted());
            assertThat(story.during(minutes(60), HEALTHY).heldBecause()).isEqualTo(HoldReason.LATCHED);
        }

        @Test
        void beatsAPromotionInFull() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.PROMOTE_FULL).after(INTERVAL, HEALTHY);
            assertThat(story.told(Verb.ABORT).after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.ROLLING_BACK);
        }

        @Test
        void beatsMissingDataSuspensionAndPause() {
            Story story = Story.until(Phase.PROGRESSING)
                    .told(Verb.PAUSE)
                    .suspended(true)
                    .blindDuring(INTERVAL);
            assertThat(story.told(Verb.ABORT).blindDuring(INTERVAL).phase()).isEqualTo(Phase.ROLLING_BACK);
        }

        @Test
        void takesNewSidecarsOutAgain() {
            Story story = Story.until(Phase.OBSERVING).told(Verb.ABORT).after(INTERVAL, HEALTHY);
            assertThat(story.state().injectionWanted()).isFalse();
        }

        @Test
        void isIgnoredWhenNothingIsOnItsWay() {
            Story story = Story.until(Phase.PROMOTED).told(Verb.ABORT).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.IGNORED);
        }
    }

    @Nested
    class Retrying {
        @Test
        void triesTheSameRevisionAgain() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(6), CommandsTest::broken)
                    .after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
            story.told(Verb.RETRY).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Accept(FIRST));
            assertThat(story.tellUntil(Phase.PROMOTED).state().stable()).isEqualTo(FIRST);
        }

        @Test
        void onceIsOnce() {
            Story story = Story.until(Phase.PROGRESSING)
                    .during(minutes(6), CommandsTest::broken)
                    .after(INTERVAL, HEALTHY);
            story.told(Verb.RETRY).after(INTERVAL, HEALTHY).tellUntil(Phase.PROGRESSING);
            story.during(minutes(6), CommandsTest::broken).during(minutes(60), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
        }

        @Test
        void isIgnoredWhileSomethingRuns() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.RETRY).after(INTERVAL, HEALTHY);
            assertThat(answer(story).outcome()).isEqualTo(Outcome.IGNORED);
        }
    }

    @Nested
    class SkippingTheHold {
        @Test
        void endsTheObservationEarlyButNotWithoutABaseline() {
            Story story = Story.until(Phase.OBSERVING)
                    .told(Verb.SKIP_HOLD)
                    .after(INTERVAL, seen -> seen.baseline(Signal.AUTH_FAILURES, new Reading.Missing("none")));
            assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
            assertThat(story.after(INTERVAL, HEALTHY).decision()).isInstanceOf(Decision.Start.class);
            assertThat(story.after(INTERVAL, HEALTHY).heldBecause()).isEqualTo(HoldReason.HOLDING);
        }

        @Test
        void waitsForTheGates() {
            Story story = Story.until(Phase.PROGRESSING)
                    .gates(new Gates(List.of(), 200))
                    .told(Verb.SKIP_HOLD)
                    .after(INTERVAL, seen -> seen.stepRequests(new Reading.NoTraffic()));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.GATE_CLOSED);
        }
    }

    @Nested
    class Misunderstandings {
        @Test
        void anotherRevisionIsLeftAlone() {
            Story story =
                    Story.until(Phase.PROGRESSING).told("abort@2222222222/1").after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
            assertThat(answer(story).message()).contains("2222222222").contains(FIRST.revision());
        }

        @Test
        void nonsenseStopsNothingAndIsAnsweredWithTheRightForm() {
            for (String text : List.of(
                    "",
                    "abort",
                    "abort@",
                    "abort@/1",
                    "abort@1111111111",
                    "abort@1111111111/",
                    "halt@1111111111/1",
                    "@1111111111/1")) {
                Story story = Story.until(Phase.PROGRESSING).told(text).after(INTERVAL, HEALTHY);
                assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
                assertThat(answer(story).outcome()).as(text).isEqualTo(Outcome.MALFORMED);
                assertThat(answer(story).message()).contains("promote");
            }
        }

        @Test
        void aHugeTextIsCut() {
            Story story = Story.until(Phase.PROGRESSING)
                    .told("abort@1111111111/" + "1".repeat(100_000))
                    .after(INTERVAL, HEALTHY);
            assertThat(answer(story).text()).hasSize(Command.LONGEST);
        }
    }

    @Nested
    class Suspending {
        @Test
        void keepsARolloutFromBeginning() {
            Story story = Story.of(Plans.plan()).suspended(true).during(minutes(60), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.SUSPENDED);
            assertThat(story.state().injectionWanted()).isFalse();
            assertThat(story.suspended(false).after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void keepsTheWeightAndTheStopLoss() {
            Story story = Story.until(Phase.PROGRESSING).suspended(true).during(minutes(60), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.SUSPENDED);
            assertThat(story.state().weight()).isEqualTo(10);
            assertThat(story.during(minutes(6), CommandsTest::broken)
                            .rollback()
                            .reason()
                            .reason())
                    .isEqualTo("ErrorRatio");
        }

        @Test
        void changesNothingOfWhatIsPromoted() {
            Story story = Story.until(Phase.PROMOTED).suspended(true).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
        }
    }

    @Nested
    class Gated {
        private final Gates gates = new Gates(List.of(new Gate(Signal.LATENCY_P95, 0.12)), 200);

        private Story held(UnaryOperator<Seen> different) {
            return Story.until(Phase.PROGRESSING).gates(gates).during(minutes(31), different);
        }

        @Test
        void opensWhenEveryGatePasses() {
            assertThat(held(HEALTHY).phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void keepsTheStepAndNeverRollsBack() {
            UnaryOperator<Seen> slow = seen -> seen.last(minutes(1), Signal.LATENCY_P95, Scope.CANDIDATE, 0.2);
            Story story = held(slow);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.GATE_CLOSED);
            assertThat(story.during(minutes(600), slow).state().weight()).isEqualTo(10);
            assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void whatIsExactlyAtTheGatePasses() {
            assertThat(held(seen -> seen.last(minutes(1), Signal.LATENCY_P95, Scope.CANDIDATE, 0.12))
                            .phase())
                    .isEqualTo(Phase.BAKING);
        }

        @Test
        void tooFewRequestsKeepTheStep() {
            Story story = held(seen -> seen.stepRequests(Seen.series(Plans.T0, 199, 199, minutes(1))));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.GATE_CLOSED);
        }

        @Test
        void whatCannotBeSeenDoesNotPass() {
            assertThat(held(seen -> seen.stepRequests(new Reading.Missing("gone")))
                            .heldBecause())
                    .isEqualTo(HoldReason.GATE_CLOSED);
        }
    }
}
