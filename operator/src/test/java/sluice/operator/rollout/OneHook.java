package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

/** One hook, and what became of it, for tests. */
final class OneHook {
    static final HookSeen SUCCEEDED = new HookSeen.Succeeded();
    static final HookSeen FAILED = new HookSeen.Failed("BackoffLimitExceeded");
    static final Duration TIMEOUT = Plans.minutes(5);

    private OneHook() {}

    static Hook hook(HookPoint when) {
        return new Hook("smoke", when, false, TIMEOUT);
    }

    static Hook rollingBack(HookPoint when) {
        return new Hook("smoke", when, true, TIMEOUT);
    }

    static HookRun.Outcome outcome(Story story) {
        assertThat(story.state().hooks()).hasSize(1);
        return story.state().hooks().getFirst().outcome();
    }

    static Instant since(Story story) {
        return ((HookRun.Outcome.Running) outcome(story)).since();
    }
}
