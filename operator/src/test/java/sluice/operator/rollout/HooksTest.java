package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.OneHook.FAILED;
import static sluice.operator.rollout.OneHook.SUCCEEDED;
import static sluice.operator.rollout.OneHook.TIMEOUT;
import static sluice.operator.rollout.OneHook.hook;
import static sluice.operator.rollout.OneHook.outcome;
import static sluice.operator.rollout.OneHook.rollingBack;
import static sluice.operator.rollout.OneHook.since;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;

import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HooksTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    @Nested
    class BeforeTheRollout {
        private Story story() {
            return Story.of(Plans.plan()).hooks(hook(HookPoint.BEFORE_ROLLOUT)).after(INTERVAL, HEALTHY);
        }

        @Test
        void nothingIsChangedBeforeItHasSucceeded() {
            Story story = story();
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Running(story.now()));
            assertThat(story.state().hooks().getFirst().revision()).isEqualTo(Plans.FIRST.revision());
            story.during(minutes(4), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_RUNNING);
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
            assertThat(story.state().injectionWanted()).isFalse();
            assertThat(story.state().epoch()).isEqualTo(1);
        }

        @Test
        void thatItHasSucceededIsWrittenDownBeforeTheRolloutBegins() {
            Story story = story().jobs(SUCCEEDED);
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Passed.class);
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
            story.after(seconds(1), HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Inject(Plans.FIRST));
            assertThat(story.state().hooks()).isEmpty();
        }

        @Test
        void waitsForWhatBlocksTheRollout() {
            Story story = Story.of(Plans.plan())
                    .hooks(hook(HookPoint.BEFORE_ROLLOUT))
                    .after(INTERVAL, seen -> seen.blocked("TargetConflict"));
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
            assertThat(story.heldBecause()).isEqualTo(HoldReason.BLOCKED);
        }

        @Test
        void failedItWaitsForSomebodyHoweverLong() {
            Story story = story().jobs(FAILED).during(minutes(90), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_FAILED);
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
        }

        @Test
        void runsAgainWhenSomebodySaysRetry() {
            Story story = story();
            Instant first = since(story);
            story.jobs(FAILED).told(Verb.RETRY).after(INTERVAL, HEALTHY);
            assertThat(since(story)).isAfter(first).isEqualTo(story.now());
            assertThat(story.jobs(SUCCEEDED).after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void isGoneWithoutWhenSomebodySaysSkipHook() {
            Story story = story().jobs(FAILED).told(Verb.SKIP_HOOK).after(INTERVAL, HEALTHY);
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Skipped(story.now()));
            assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void runsAgainForAnotherCandidate() {
            Story story = story().jobs(FAILED);
            story.plan(Plans.plan(Plans.SECOND, Plans.CAREFUL))
                    .hooks(hook(HookPoint.BEFORE_ROLLOUT))
                    .after(INTERVAL, HEALTHY);
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Running(story.now()));
            assertThat(story.state().hooks().getFirst().revision()).isEqualTo(Plans.SECOND.revision());
        }

        @Test
        void skipHookIsNotAboutTheNextCandidatesHook() {
            Story story = story().jobs(FAILED);
            story.plan(Plans.plan(Plans.SECOND, Plans.CAREFUL))
                    .hooks(hook(HookPoint.BEFORE_ROLLOUT))
                    .told(Verb.SKIP_HOOK)
                    .after(INTERVAL, HEALTHY);
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Running(story.now()));
            assertThat(story.state().orders().last().orElseThrow().outcome()).isEqualTo(CommandNote.Outcome.IGNORED);
        }

        @Test
        void removedFromTheResourceNobodyWaitsForIt() {
            assertThat(story().hooks().after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.INJECTING);
        }

        @Test
        void skipHookIsIgnoredWhereNoHookIsWaitedFor() {
            Story story = Story.until(Phase.PROGRESSING).told(Verb.SKIP_HOOK).after(INTERVAL, HEALTHY);
            assertThat(story.state().orders().last().orElseThrow().outcome()).isEqualTo(CommandNote.Outcome.IGNORED);
        }
    }

    @Nested
    class AfterAStep {
        private Story story(Hook hook) {
            Story story = Story.of(Plans.plan()).hooks(hook).tellUntil(Phase.PROGRESSING);
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
            return story;
        }

        private Story running() {
            Story story = story(hook(HookPoint.AFTER_STEP)).after(INTERVAL, HEALTHY);
            assertThat(since(story)).isEqualTo(story.now());
            return story;
        }

        @Test
        void beginsWhenEverySidecarHasTheWeight() {
            Story story = story(hook(HookPoint.AFTER_STEP)).during(minutes(2), seen -> seen.sidecars(2, 2, 2, 1));
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
            story.after(INTERVAL, HEALTHY);
            assertThat(since(story)).isEqualTo(story.now());
        }

        @Test
        void beginsWithoutTrafficBecauseItMayBeTheTraffic() {
            Story story = story(hook(HookPoint.AFTER_STEP))
                    .after(INTERVAL, seen -> seen.requests(Scope.CANDIDATE, new Reading.NoTraffic()));
            assertThat(since(story)).isEqualTo(story.now());
        }

        @Test
        void costsNoTimeWhileTheStepHolds() {
            Story story = running().jobs(SUCCEEDED).during(minutes(31), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void keepsTheStepFromBeingLeft() {
            Story story = running();
            story.hooks(new Hook("smoke", HookPoint.AFTER_STEP, false, minutes(60)))
                    .during(minutes(31), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_RUNNING);
            assertThat(story.jobs(SUCCEEDED).after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.BAKING);
        }

        @Test
        void runsAgainInTheNextStep() {
            Story story = running();
            Instant first = since(story);
            story.jobs(SUCCEEDED).tellUntil(Phase.BAKING).after(INTERVAL, HEALTHY);
            assertThat(since(story)).isAfter(first).isEqualTo(story.now());
        }

        @Test
        void failedItKeepsTheStepForAsLongAsNobodySaysAnything() {
            Story story = running().jobs(FAILED);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_FAILED);
            story.during(minutes(120), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_FAILED);
            assertThat(story.state().weight()).isEqualTo(10);
        }

        @Test
        void failedItDelaysNoStopLoss() {
            Story story = running().jobs(FAILED).during(minutes(6), HEALTHY);
            story.after(INTERVAL, seen -> seen.last(minutes(6), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.02));
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.StopLossBroken.class);
            assertThat(story.state().hooks()).isEmpty();
        }

        @Test
        void failedItGoesBackWhereTheHookSaysSoAndIsNotTriedAgain() {
            Story story = story(rollingBack(HookPoint.AFTER_STEP))
                    .after(INTERVAL, HEALTHY)
                    .jobs(FAILED);
            assertThat(story.rollback().reason())
                    .isEqualTo(new RollbackReason.HookFailed("hook smoke failed: BackoffLimitExceeded"));
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            story.tellUntil(Phase.ROLLED_BACK).after(INTERVAL, HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.LATCHED);
        }

        @Test
        void withoutAResultInTimeItHasFailed() {
            Story story = running().during(TIMEOUT.plus(HookKeeper.GRACE), HEALTHY);
            assertThat(outcome(story))
                    .isInstanceOfSatisfying(
                            HookRun.Outcome.Failed.class,
                            failed -> assertThat(failed.why()).isEqualTo("no result within 300 s"));
        }

        @Test
        void whoseJobIsRefusedSaysSoAndFailsInTime() {
            Story story = running().jobs(new HookSeen.Refused("exceeded quota"));
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Running.class);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_REFUSED);
            while (outcome(story) instanceof HookRun.Outcome.Running) {
                story.jobs(new HookSeen.Refused("exceeded quota"));
            }
            assertThat(story.state().hooks().getFirst().sentence()).isEqualTo("hook smoke failed: exceeded quota");
        }

        @Test
        void pausedItIsHeardButNoneBegins() {
            Story running = running().told(Verb.PAUSE).jobs(SUCCEEDED);
            assertThat(outcome(running)).isInstanceOf(HookRun.Outcome.Passed.class);
            Story due = story(hook(HookPoint.AFTER_STEP)).told(Verb.PAUSE).during(minutes(2), HEALTHY);
            assertThat(outcome(due)).isEqualTo(new HookRun.Outcome.Due());
        }

        @Test
        void retryDoesNotEndAPause() {
            Story story = running().jobs(FAILED).told(Verb.PAUSE).after(INTERVAL, HEALTHY);
            story.told(Verb.RETRY).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PAUSED);
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
        }

        @Test
        void abortedNobodyWaitsForItsEnd() {
            Story story = running().told(Verb.ABORT).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
            assertThat(story.state().hooks()).isEmpty();
        }

        @Test
        void skipHookIsNotAboutAHookThatComesWithIt() {
            Story story = running().jobs(FAILED);
            Hook load = new Hook("load", HookPoint.AFTER_STEP, false, TIMEOUT);
            story.hooks(hook(HookPoint.AFTER_STEP), load).told(Verb.SKIP_HOOK).after(INTERVAL, HEALTHY);
            assertThat(story.state().hooks())
                    .extracting(HookRun::outcome)
                    .containsExactly(
                            new HookRun.Outcome.Skipped(story.now()), new HookRun.Outcome.Running(story.now()));
        }

        @Test
        void runsAgainAfterATimeInWhichSidecarsMayHaveLeftTheCandidate() {
            Story story = running();
            Duration away = story.plan().stopLoss().deadManSwitch().plus(seconds(1));
            story.after(away, seen -> seen.jobs(story.state(), SUCCEEDED));
            assertThat(story.heldBecause()).isEqualTo(HoldReason.EVALUATION_RESUMED);
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Running(story.now()));
        }

        @Test
        void promoteFullWaitsForNoHook() {
            Story story = running().jobs(FAILED).told(Verb.PROMOTE_FULL).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.BAKING);
        }
    }
}
