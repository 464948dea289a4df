package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.OneHook.FAILED;
import static sluice.operator.rollout.OneHook.SUCCEEDED;
import static sluice.operator.rollout.OneHook.TIMEOUT;
import static sluice.operator.rollout.Plans.INTERVAL;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Two hooks at one place: what is said of one is not said of the other. */
class SeveralHooksTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();
    private static final Hook SMOKE = OneHook.hook(HookPoint.AFTER_STEP);
    private static final Hook LOAD = new Hook("load", HookPoint.AFTER_STEP, false, TIMEOUT);

    /** The first hook has ended, and the second runs. */
    private static Story story(HookSeen ended, Hook second) {
        return Story.of(Plans.plan())
                .hooks(SMOKE)
                .tellUntil(Phase.PROGRESSING)
                .after(INTERVAL, HEALTHY)
                .jobs(ended)
                .hooks(SMOKE, second)
                .after(INTERVAL, HEALTHY);
    }

    private static HookRun.Outcome outcome(Story story, Hook hook) {
        return story.state().hooks().stream()
                .filter(run -> run.hook().equals(hook.name()))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    @Test
    void onlyTheFailureOfAHookThatRollsBackBringsItBack() {
        Story story = story(FAILED, new Hook("load", HookPoint.AFTER_STEP, true, TIMEOUT));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.HOOK_FAILED);
        assertThat(story.state().weight()).isEqualTo(10);
        assertThat(story.jobs(FAILED).rollback().reason())
                .isEqualTo(new RollbackReason.HookFailed("hook load failed: BackoffLimitExceeded"));
    }

    @Test
    void skipHookSkipsNoneThatHasSucceeded() {
        Story story = story(SUCCEEDED, LOAD);
        HookRun.Outcome passed = outcome(story, SMOKE);
        story.told(Verb.SKIP_HOOK).after(INTERVAL, HEALTHY);
        assertThat(outcome(story, SMOKE)).isEqualTo(passed).isInstanceOf(HookRun.Outcome.Passed.class);
        assertThat(outcome(story, LOAD)).isEqualTo(new HookRun.Outcome.Skipped(story.now()));
    }

    @Test
    void retryRunsNoneAgainThatHasSucceeded() {
        Story story = story(SUCCEEDED, LOAD);
        HookRun.Outcome passed = outcome(story, SMOKE);
        story.jobs(FAILED).told(Verb.RETRY).after(INTERVAL, HEALTHY);
        assertThat(outcome(story, SMOKE)).isEqualTo(passed).isInstanceOf(HookRun.Outcome.Passed.class);
        assertThat(outcome(story, LOAD)).isEqualTo(new HookRun.Outcome.Running(story.now()));
    }
}
