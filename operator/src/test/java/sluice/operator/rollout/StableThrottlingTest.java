package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the stable arm throttled last is remembered for as long as there is something to compare with it. */
class StableThrottlingTest {
    private static UnaryOperator<Seen> stable(double ratio) {
        return seen -> seen.last(minutes(15), Signal.THROTTLED_RATIO, Scope.STABLE, ratio);
    }

    private static Timers timers(Story story) {
        return story.state().timers();
    }

    @Test
    void isTheNewestThatItShowedWhileItWasServed() {
        Story story = Story.until(Phase.PROGRESSING).after(INTERVAL, stable(0.03));
        assertThat(timers(story).stableThrottled()).hasValue(0.03);
        story.after(INTERVAL, seen -> seen.with(Signal.THROTTLED_RATIO, Scope.STABLE, new Reading.NoTraffic()));
        assertThat(timers(story).stableThrottled()).hasValue(0.03);
    }

    @Test
    void whatIsLeftOfItAtFullWeightIsNotTaken() {
        Story story = Story.until(Phase.BAKING).after(INTERVAL, stable(0.9));
        assertThat(timers(story).stableThrottled()).hasValue(0.02);
    }

    @Test
    void theNextRolloutForgetsIt() {
        Story story = Story.untilSecond(Phase.PENDING);
        assertThat(timers(story).stableThrottled()).hasValue(0.02);
        assertThat(timers(story.tellUntil(Phase.INJECTING)).stableThrottled()).isEmpty();
    }
}
