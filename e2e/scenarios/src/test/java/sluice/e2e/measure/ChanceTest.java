package sluice.e2e.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChanceTest {
    private static final double EXACTLY = 1e-12;

    @ParameterizedTest
    @CsvSource({
        // Two callers: none or both, or one of them.
        "50, 0, 2, 0.5",
        "50, 1, 2, 1",
        "50, 2, 2, 0.5",
        // One caller is one in ten; that it is not is nearer to a tenth, and so is no surprise.
        "10, 1, 1, 0.1",
        "10, 0, 1, 1",
        // Three callers: 0.1^3, and 3 * 0.1^2 * 0.9 more.
        "10, 3, 3, 0.001",
        "10, 2, 3, 0.028",
        // Nobody is surprised by no callers at all.
        "10, 0, 0, 1"
    })
    void isTheSumOfAllThatIsAtLeastAsFarAway(int weight, long candidates, int callers, double chance) {
        assertThat(Chance.ofShare(weight, candidates, callers)).isCloseTo(chance, within(EXACTLY));
    }

    /** Against figures of another program, by the gamma function. */
    @ParameterizedTest
    @CsvSource({"2000, 241, 0.0025580683614164356", "5700, 685, 5.198963094233043E-7"})
    void isExactForManyCallers(int callers, long candidates, double chance) {
        assertThat(Chance.ofShare(10, candidates, callers)).isCloseTo(chance, within(chance / 1e6));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 99})
    void isOneForTheWeightItself(int weight) {
        assertThat(Chance.ofShare(weight, 100L * weight, 10_000)).isCloseTo(1, within(1e-9));
    }

    @Test
    void leavesNobodyOutAtHundred() {
        assertThat(Chance.ofShare(100, 2_000, 2_000)).isEqualTo(1);
        assertThat(Chance.ofShare(100, 1_999, 2_000)).isZero();
    }
}
