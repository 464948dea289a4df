package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorDifferenceTest {
    private static final double MARGIN = 0.01;

    private static Tally.Counted counted(double errors, double responses) {
        return new Tally.Counted(responses, errors);
    }

    @Provide
    Arbitrary<Tally.Counted> counts() {
        return Arbitraries.integers()
                .between(1, 100_000)
                .flatMap(responses -> Arbitraries.integers()
                        .between(0, Math.min(responses, 2_000))
                        .map(errors -> counted(errors, responses)));
    }

    @Test
    void withoutAnyErrorTheEvidenceIsThatOfTheCandidatesRequestsAlone() {
        double expected = 5 - Math.log(6);
        assertThat(ErrorDifference.evidenceAgainst(MARGIN, counted(0, 500), counted(0, 4_500)))
                .isEqualTo(expected, within(1e-9));
    }

    @Test
    void whatWasSeenIsNeverRuledOut() {
        assertThat(ErrorDifference.evidenceAgainst(MARGIN, counted(20, 1_000), counted(90, 9_000)))
                .isNegative();
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,1", "2,2", "5,120", "9,362880", "10,3628800", "11,39916800", "20,2432902008176640000"})
    void factorialsAreRight(double n, double factorial) {
        assertThat(ErrorDifference.logFactorial(n)).isEqualTo(Math.log(factorial), within(1e-9));
    }

    @Test
    void factorialsBetweenWholeNumbersAreThoseOfTheGammaFunction() {
        assertThat(ErrorDifference.logFactorial(0.5)).isEqualTo(Math.log(Math.sqrt(Math.PI) / 2), within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        // The candidate's errors and responses, the stable arm's, and the difference that is asked for.
        "20, 1000, 30, 9000, 0.01",
        "0, 400, 9, 3600, 0.01",
        "3, 210, 12, 1890, 0.05",
        "60, 5000, 0, 20, 0.01",
        "50, 900, 4, 100, 0"
    })
    void theEvidenceIsThatOfThePairThatIsHardestToRuleOut(
            double errors, double responses, double stableErrors, double stableResponses, double difference) {
        double least = Double.POSITIVE_INFINITY;
        for (double chance = 0; chance <= 1; chance += 1e-5) {
            double here = evidence(errors, (chance + difference) * responses)
                    + evidence(stableErrors, chance * stableResponses);
            least = Math.min(least, here);
        }
        assertThat(ErrorDifference.evidenceAgainst(
                        difference, counted(errors, responses), counted(stableErrors, stableResponses)))
                .isLessThanOrEqualTo(least + 1e-9)
                .isEqualTo(least, within(1e-3));
    }

    @Property
    void factorialsAreProducts(@ForAll @IntRange(max = 500) int n) {
        assertThat(ErrorDifference.logFactorial(n)).isEqualTo(product(n), within(1e-9));
    }

    @Property
    void factorialsBetweenWholeNumbersGrowByTheirNumber(@ForAll @DoubleRange(min = 0, max = 1000) double n) {
        assertThat(ErrorDifference.logFactorial(n + 1) - ErrorDifference.logFactorial(n))
                .isEqualTo(Math.log(n + 1), within(1e-8));
    }

    @Property
    void noPairOfChancesOnTheLineIsHarderToRuleOut(
            @ForAll("counts") Tally.Counted candidate,
            @ForAll("counts") Tally.Counted stable,
            @ForAll @IntRange(min = 1, max = 500) int thousandths,
            @ForAll @DoubleRange(max = 1) double chance) {
        double difference = thousandths / 1000.0;
        double ofCandidate = (chance + difference) * candidate.responses();
        double here =
                evidence(candidate.errors(), ofCandidate) + evidence(stable.errors(), chance * stable.responses());
        assertThat(ErrorDifference.evidenceAgainst(difference, candidate, stable))
                .isLessThan(here + 1e-6);
    }

    @Property
    void whichArmIsWhichDoesNotMatterForNoDifference(
            @ForAll("counts") Tally.Counted one, @ForAll("counts") Tally.Counted other) {
        assertThat(ErrorDifference.evidenceAgainst(0, one, other))
                .isEqualTo(ErrorDifference.evidenceAgainst(0, other, one), within(1e-6));
    }

    @Property
    void isANumberHoweverManyRequestsThereWere(
            @ForAll @DoubleRange(min = 1, max = 1e13) double candidate,
            @ForAll @DoubleRange(min = 1, max = 1e13) double stable,
            @ForAll @DoubleRange(max = 1) double failed) {
        assertThat(ErrorDifference.evidenceAgainst(
                        MARGIN, counted(failed * candidate, candidate), counted(failed * stable, stable)))
                .isFinite();
    }

    private static double evidence(double errors, double sum) {
        return sum + product((int) errors) - (errors + 1) * Math.log(1 + sum);
    }

    private static double product(int n) {
        double sum = 0;
        for (int i = 2; i <= n; i++) {
            sum += Math.log(i);
        }
        return sum;
    }
}
