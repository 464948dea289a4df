package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class MaintenanceTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();
    private final Story story = Story.until(Phase.PROGRESSING);

    private Story closed(Optional<Duration> retryAfter) {
        RolloutPlan plan = Plans.plan();
        return story.plan(new RolloutPlan(
                plan.candidate(),
                plan.initialStable(),
                plan.strategy(),
                plan.stopLoss(),
                plan.gates(),
                new Instructions(false, retryAfter, Optional.empty())));
    }

    @Test
    void closingAndOpeningTheServiceAreChangesOfWhatSidecarsMustDo() {
        long epoch = story.state().epoch();
        closed(Optional.of(minutes(5))).after(INTERVAL, HEALTHY);
        assertThat(story.state().maintenance()).contains(minutes(5));
        assertThat(story.state().epoch()).isEqualTo(epoch + 1);
        story.after(INTERVAL, HEALTHY);
        assertThat(story.state().epoch()).isEqualTo(epoch + 1);
        closed(Optional.of(minutes(1))).after(INTERVAL, HEALTHY);
        assertThat(story.state().maintenance()).contains(minutes(1));
        assertThat(story.state().epoch()).isEqualTo(epoch + 2);
        closed(Optional.empty()).after(INTERVAL, HEALTHY);
        assertThat(story.state().maintenance()).isEmpty();
        assertThat(story.state().epoch()).isEqualTo(epoch + 3);
        assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void oneEvaluationIsOneEpochEvenIfItAlsoRollsBack() {
        long epoch = story.state().epoch();
        closed(Optional.of(seconds(90)))
                .after(minutes(5), seen -> seen.last(minutes(6), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.02));
        assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(story.state().maintenance()).contains(seconds(90));
        assertThat(story.state().epoch()).isEqualTo(epoch + 1);
    }
}
