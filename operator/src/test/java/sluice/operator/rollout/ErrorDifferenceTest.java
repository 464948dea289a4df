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
