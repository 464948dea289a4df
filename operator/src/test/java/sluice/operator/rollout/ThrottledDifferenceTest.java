package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.T0;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ThrottledDifferenceTest {
    private static final Reading NONE = new Reading.NoTraffic();
    private static final Reading MISSING = new Reading.Missing("gone");

    @Test
    void subtractsAtTheSameInstants() {
        assertThat(difference(values(0.5, 0.25), values(0.25, 0.125), false)).isEqualTo(values(0.25, 0.125));
    }

    @Test
    void aLimiterThatThrottlesLessThanTheStableOneIsNegative() {
        assertThat(difference(values(0.25), values(0.5), false)).isEqualTo(values(-0.25));
    }

    @Test
    void whereTheStableArmHasNoSampleItsEarlierOneStandsIn() {
        assertThat(difference(values(0.5, 0.5, 0.5), values(0.25), false)).isEqualTo(values(0.25, 0.25, 0.25));
    }

    @Test
    void beforeTheStableArmsFirstSampleThatOneStandsIn() {
        Reading stable = new Reading.Value(new Samples(List.of(new Sample(T0.plus(Plans.INTERVAL), 0.125))));
        assertThat(ThrottledDifference.of(values(0.5, 0.5), stable, false, OptionalDouble.of(0.25)))
                .isEqualTo(values(0.375, 0.375));
    }

    @Test
    void withoutRequestsInTheStableArmWhatItShowedLastStandsIn() {
        assertThat(ThrottledDifference.of(values(0.5), NONE, false, OptionalDouble.of(0.125)))
                .isEqualTo(values(0.375));
    }

    @Test
    void aStableArmThatNeverShowedAnythingCountsAsZero() {
        assertThat(difference(values(0.5), NONE, false)).isEqualTo(values(0.5));
    }

    @Test
    void aMissingStableArmIsMissingDataBelowWeightOneHundred() {
        assertThat(difference(values(0.5), MISSING, false)).isEqualTo(MISSING);
    }

    @Test
    void whatIsKnownOfTheDifferenceBeforeAnArmFellSilentStays() {
        Reading silent = values(0.5, 0.5).silent("gone");
        assertThat(difference(silent, values(0.25, 0.125, 0), false))
                .isEqualTo(values(0.25, 0.375).silent("gone"));
        assertThat(difference(NONE.after(values(0.5).seen()), values(0.25), false))
                .isEqualTo(NONE.after(values(0.25).seen()));
        assertThat(difference(values(0.75, 0.75, 0.75), silent, false))
                .as("of the time after the stable arm's last sample nothing is known")
                .isEqualTo(values(0.25, 0.25).silent("gone"));
        assertThat(difference(silent, MISSING, true)).isEqualTo(silent);
    }

    @Test
    void atWeightOneHundredTheStableArmIsNotNeeded() {
        assertThat(ThrottledDifference.of(values(0.5), MISSING, true, OptionalDouble.of(0.25)))
                .isEqualTo(values(0.25));
    }

    @Test
    void aCandidateWithoutAValueStaysWithoutOne() {
        assertThat(difference(MISSING, values(0.5), false)).isEqualTo(MISSING);
        assertThat(difference(NONE, values(0.5), false)).isEqualTo(NONE);
    }

    private static Reading difference(Reading candidate, Reading stable, boolean everyone) {
        return ThrottledDifference.of(candidate, stable, everyone, OptionalDouble.empty());
    }

    private static Reading values(double... values) {
        List<Sample> samples = new ArrayList<>();
        for (double value : values) {
            samples.add(new Sample(T0.plus(Plans.INTERVAL.multipliedBy(samples.size())), value));
        }
        return new Reading.Value(new Samples(samples));
    }
}
