package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;
import static sluice.operator.rollout.Plans.step;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanValuesTest {
    private static final Duration FIVE = minutes(5);

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 101})
    void aWeightIsBetweenOneAndAHundred(int weight) {
        assertThatThrownBy(() -> step(weight, 1)).hasMessage("weight is not between 1 and 100: " + weight);
        assertThat(step(1, 1).weight()).isEqualTo(1);
        assertThat(step(100, 1).weight()).isEqualTo(100);
    }

    @Test
    void aHoldIsNotNegative() {
        assertThatThrownBy(() -> step(10, -1)).hasMessage("hold is negative: PT-1M");
        assertThat(step(10, 0).hold()).isZero();
    }

    @Test
    void stepsRiseToAHundred() {
        assertThatThrownBy(() -> Plans.strategy(minutes(1))).hasMessage("steps do not end at weight 100");
        assertThatThrownBy(() -> Plans.strategy(minutes(1), step(99, 1))).hasMessage("steps do not end at weight 100");
        assertThatThrownBy(() -> Plans.strategy(minutes(1), step(100, 1), step(100, 1)))
                .hasMessageStartingWith("steps do not rise");
        assertThatThrownBy(() -> Plans.strategy(minutes(1), step(50, 1), step(10, 1), step(100, 1)))
                .hasMessageStartingWith("steps do not rise");
    }

    @Test
    void onlyTheLastStepIsTheLast() {
        assertThat(Plans.CAREFUL.isLast(0)).isFalse();
        assertThat(Plans.CAREFUL.isLast(1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0})
    void timesOfTheStopLossArePositive(long seconds) {
        Duration time = seconds(seconds);
        assertThatThrownBy(() -> new StopLoss("default", time, List.of(), FIVE, FIVE, FIVE))
                .hasMessage("interval is not positive: " + time);
        assertThatThrownBy(() -> new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(1), time))
                .hasMessage("for is not positive: " + time);
    }

    @Test
    void aRuleThatIsShorterThanTheIntervalHasOneSample() {
        StopLoss stopLoss = Plans.stopLoss();
        StopLossRule rule = new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(1), seconds(5));
        assertThat(stopLoss.step(rule)).isEqualTo(Plans.INTERVAL);
        assertThat(stopLoss.expectedSamples(rule)).isEqualTo(1);
    }

    @Test
    void aWindowOfSixHundredIntervalsIsStillSampledAtEach() {
        StopLoss stopLoss = Plans.stopLoss();
        assertThat(stopLoss.step(errorsFor(seconds(6000)))).isEqualTo(Plans.INTERVAL);
        assertThat(stopLoss.expectedSamples(errorsFor(seconds(6000)))).isEqualTo(600);
        assertThat(stopLoss.step(errorsFor(seconds(6010)))).isEqualTo(Plans.INTERVAL.multipliedBy(2));
    }

    private static StopLossRule errorsFor(Duration window) {
        return new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(1), window);
    }
}
