package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {
    private static final Reading GONE = new Reading.Missing("gone");
    private static final Reading NO_TRAFFIC = new Reading.NoTraffic();
    private static final Tally CONTRADICTION = new Tally.Missing("the counts contradict each other");

    private static Reading count(double value) {
        return new Reading.Value(new Samples(List.of(new Sample(Plans.T0, value))));
    }

    @Test
    void errorsAreSomeOfTheResponses() {
        assertThat(Tally.of(count(10), count(3))).isEqualTo(new Tally.Counted(10, 3));
        assertThat(Tally.of(count(10), count(10))).isEqualTo(new Tally.Counted(10, 10));
        assertThat(Tally.of(count(10), count(0))).isEqualTo(new Tally.Counted(10, 0));
    }

    @Test
    void countsThatCannotBeAreMissing() {
        assertThat(Tally.of(count(10), count(10.5))).isEqualTo(CONTRADICTION);
        assertThat(Tally.of(count(10), count(-1))).isEqualTo(CONTRADICTION);
    }

    @Test
    void whatIsMissingOfEitherIsSaid() {
        assertThat(Tally.of(GONE, count(1))).isEqualTo(new Tally.Missing("gone"));
        assertThat(Tally.of(count(1), GONE)).isEqualTo(new Tally.Missing("gone"));
        assertThat(Tally.of(NO_TRAFFIC, count(1))).isEqualTo(new Tally.Missing("there are no requests"));
        assertThat(Tally.of(count(1), NO_TRAFFIC)).isEqualTo(new Tally.Missing("there are no requests"));
    }

    @ParameterizedTest
    @CsvSource({"10,-1", "10,11", "Infinity,1", "NaN,1", "10,NaN"})
    void countsThatCannotBeAreRefused(double responses, double errors) {
        assertThatThrownBy(() -> new Tally.Counted(responses, errors)).hasMessageStartingWith("no such counts");
    }

    @Test
    void moreOfTheSameHaveTheSameRatio() {
        Tally.Counted counted = new Tally.Counted(10, 3);
        assertThat(counted.times(4)).isEqualTo(new Tally.Counted(40, 12));
        assertThat(counted.ratio()).isEqualTo(0.3);
    }
}
