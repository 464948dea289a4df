package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.OneHook.FAILED;
import static sluice.operator.rollout.OneHook.TIMEOUT;
import static sluice.operator.rollout.OneHook.hook;
import static sluice.operator.rollout.OneHook.outcome;
import static sluice.operator.rollout.OneHook.rollingBack;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Hooks that may not begin, or that nobody listens to. */
class HooksKeptTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();
    private static final HookSeen REFUSED = new HookSeen.Refused("exceeded quota");

    @Nested
    class BeforeTheRollout {
        private final Story story = Story.of(Plans.plan()).hooks(hook(HookPoint.BEFORE_ROLLOUT));

        @Test
        void waitsWhileTheServiceBreaches() {
            story.after(INTERVAL, seen -> seen.last(seconds(30), Signal.ERROR_RATIO, Scope.SERVICE, 0.02));
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
        }

        @Test
        void waitsWhileTheResourceIsSuspended() {
            story.suspended(true).after(INTERVAL, HEALTHY);
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
        }

        @Test
        void whoseJobIsRefusedSaysSo() {
            story.after(INTERVAL, HEALTHY).jobs(REFUSED);
            assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_REFUSED);
            assertThat(story.state().lastDecision().orElseThrow().message()).isEqualTo("hook smoke: exceeded quota");
        }
    }

    @Nested
    class AfterAStep {
        private final Story story =
                Story.of(Plans.plan()).hooks(hook(HookPoint.AFTER_STEP)).tellUntil(Phase.PROGRESSING);

        @Test
        void waitsForWhatBlocksTheRollout() {
            story.after(INTERVAL, seen -> seen.blocked("TargetConflict"));
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
        }

        @Test
        void waitsForPods() {
            story.after(INTERVAL, seen -> seen.sidecars(0, 0, 0, 0));
            assertThat(outcome(story)).isEqualTo(new HookRun.Outcome.Due());
        }

        @Test
        void thatDoesNotEndSaysWhereItsLogIs() {
            while (!(outcome(story) instanceof HookRun.Outcome.Failed)) {
                story.jobs(new HookSeen.Unfinished("kubectl logs job/smoke"));
            }
            assertThat(story.state().hooks().getFirst().sentence())
                    .isEqualTo("hook smoke failed: no result within 300 s (kubectl logs job/smoke)");
        }

        @Test
        void thatHasFailedIsNotRunAgainOnlyBecauseNobodyLooked() {
            story.after(INTERVAL, HEALTHY).jobs(FAILED).after(minutes(3), HEALTHY);
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Failed.class);
        }
    }

    @Nested
    class Afterwards {
        @Test
        void aRollbackOfLongAgoGetsNoneThatIsWrittenOnlyThen() {
            Story story = Story.until(Phase.PROGRESSING)
                    .told(Verb.ABORT)
                    .tellUntil(Phase.ROLLED_BACK)
                    .hooks(hook(HookPoint.AFTER_ROLLBACK))
                    .during(minutes(1), HEALTHY);
            assertThat(story.state().hooks()).isEmpty();
        }

        @Test
        void whoseFailureComesWhenNothingIsArmedTakesNothingBack() {
            Story story = Story.of(Plans.armed(Plans.FIRST, Duration.ZERO))
                    .hooks(rollingBack(HookPoint.AFTER_PROMOTION))
                    .tellUntil(Phase.PROMOTED)
                    .after(INTERVAL, HEALTHY)
                    .jobs(FAILED);
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Failed.class);
            assertThat(story.phase()).isEqualTo(Phase.PROMOTED);
        }

        @Test
        void retryDoesNotKeepAResourceFromGoingBackToTheStableLimiter() {
            Story story = Story.untilSecond(Phase.PENDING)
                    .hooks(hook(HookPoint.AFTER_ROLLBACK))
                    .tellUntil(Phase.PROGRESSING)
                    .told(Verb.ABORT)
                    .tellUntil(Phase.ROLLED_BACK)
                    .plan(Plans.plan())
                    .hooks(hook(HookPoint.AFTER_ROLLBACK))
                    .after(INTERVAL, HEALTHY)
                    .jobs(FAILED);
            story.told(Verb.RETRY).after(INTERVAL, HEALTHY);
            assertThat(story.decision()).isEqualTo(new Decision.Settle());
        }

        @Test
        void withoutAResultInTimeTheyHaveFailedThereToo() {
            Story story = Story.of(Plans.armed(Plans.FIRST, minutes(60)))
                    .hooks(hook(HookPoint.AFTER_PROMOTION))
                    .tellUntil(Phase.PROMOTED)
                    .after(INTERVAL, HEALTHY)
                    .during(TIMEOUT.plus(HookKeeper.GRACE).minus(INTERVAL), HEALTHY);
            assertThat(outcome(story)).isInstanceOf(HookRun.Outcome.Running.class);
            assertThat(outcome(story.after(INTERVAL, HEALTHY))).isInstanceOf(HookRun.Outcome.Failed.class);
        }
    }
}
