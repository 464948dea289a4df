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

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Hooks that run when the rollout is over. */
class HooksAfterwardsTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    @Nested
    class AfterThePromotion {
        private Story story(Hook hook, Duration armed) {
            return Story.of(Plans.armed(Plans.FIRST, armed)).hooks(hook).tellUntil(Phase.PROMOTED);
        }

        @Test
        void beginsWhenEverySidecarHasThePromotedLimiter() {
            Story story = story(hook(HookPoint.AFTER_PROMOTION), minutes(60))
                    .after(INTERVAL, seen -> seen.sidecars(2, 2, 2, 1));
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
            story.after(INTERVAL, HEALTHY);
            assertThat(since(story)).isEqualTo(story.now());
        }

        @Test
        void failedItTakesThePromotedLimiterBackWhereTheHookSaysSo() {
            Story story = story(rollingBack(HookPoint.AFTER_PROMOTION), minutes(60))
                    .after(INTERVAL, HEALTHY)
                    .jobs(FAILED);
            assertThat(story.rollback().reason()).isInstanceOf(RollbackReason.HookFailed.class);
            assertThat(story.state().stable()).isEqualTo(Limiter.OFF);
        }

        @Test
        void failedItChangesNothingWhereTheHookHolds() {
            Story story = story(hook(HookPoint.AFTER_PROMOTION), minutes(60))
                    .after(INTERVAL, HEALTHY)
                    .jobs(FAILED)
                    .during(minutes(90), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Failed.class);
        }

        @Test
        void suspendedItBeginsAllTheSame() {
            Story story = story(hook(HookPoint.AFTER_PROMOTION), minutes(60))
                    .suspended(true)
                    .after(INTERVAL, HEALTHY);
            assertThat(since(story)).isEqualTo(story.now());
        }

        @Test
        void aHookThatIsWrittenOnlyThenIsNotRun() {
            Story story = Story.until(Phase.PROMOTED)
                    .hooks(hook(HookPoint.AFTER_PROMOTION))
                    .during(minutes(1), HEALTHY);
            assertThat(story.state().hooks()).isEmpty();
        }
    }

    @Nested
    class AfterARollback {
        private Story due(Story begun) {
            Story story = begun.hooks(hook(HookPoint.AFTER_ROLLBACK))
                    .tellUntil(Phase.PROGRESSING)
                    .told(Verb.ABORT)
                    .tellUntil(Phase.ROLLED_BACK);
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
            return story;
        }

        private Story story() {
            return due(Story.of(Plans.plan())).after(INTERVAL, HEALTHY);
        }

        /** The second candidate is rolled back, and before the next look the resource is as it was. */
        private Story takenBack() {
            return due(Story.untilSecond(Phase.PENDING)).plan(Plans.plan()).hooks(hook(HookPoint.AFTER_ROLLBACK));
        }

        @Test
        void beginsWhenTheRollbackIsOver() {
            Story story = story();
            assertThat(since(story)).isEqualTo(story.now());
            assertThat(story.jobs(SUCCEEDED).state().hooks())
                    .allMatch(run -> run.outcome() instanceof HookRun.Outcome.Passed);
        }

        @Test
        void failedItChangesNothing() {
            Story story = story().jobs(FAILED).during(minutes(60), HEALTHY);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.LATCHED);
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Failed.class);
        }

        @Test
        void suspendedItBeginsAllTheSame() {
            Story story = due(Story.of(Plans.plan())).suspended(true).after(INTERVAL, HEALTHY);
            assertThat(since(story)).isEqualTo(story.now());
        }

        @Test
        void runsAndIsHeardWhereTheResourceGoesBackToTheStableLimiter() {
            Story story = takenBack().during(minutes(2), HEALTHY);
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Running.class);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_RUNNING);
            story.jobs(FAILED);
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Failed.class);
            assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
            story.after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
            assertThat(story.state().hooks()).isEmpty();
        }

        @Test
        void withoutAResultItKeepsNothingForLongerThanItsTimeout() {
            Story story = takenBack().during(TIMEOUT.plus(HookKeeper.GRACE).plus(minutes(1)), HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
        }

        @Test
        void anotherCandidateDoesNotWaitForIt() {
            Story story = story().plan(Plans.plan(Plans.SECOND, Plans.CAREFUL))
                    .hooks(hook(HookPoint.AFTER_ROLLBACK))
                    .after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Accept(Plans.SECOND));
            assertThat(story.state().hooks()).isEmpty();
        }

        @Test
        void retryIsAboutTheCandidateAndNotAboutTheHook() {
            Story story = story().jobs(FAILED).told(Verb.RETRY).after(INTERVAL, HEALTHY);
            assertThat(story.phase()).isEqualTo(Phase.PENDING);
            assertThat(story.state().hooks()).isEqualTo(List.of());
        }
    }
}
