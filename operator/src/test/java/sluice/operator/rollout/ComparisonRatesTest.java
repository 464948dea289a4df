package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * How often the comparison is wrong and how often it misses, over simulated rollouts whose counts are looked at every interval until something
 * is shown. The seeds are fixed: the rates are the same in every run.
 */
class ComparisonRatesTest {
    private static final double MARGIN = 0.01;
    private static final Comparison COMPARISON = new Comparison(MARGIN, 0.95);
    private static final double MOST_WRONG = 0.05;
    private static final int ROLLOUTS = 600;
    /** An hour of looks, one every ten seconds. */
    private static final int HOUR = 360;

    /** What a look at the counts shows. */
    private interface Look {
        Comparison.Shown shown(Tally.Counted candidate, Tally.Counted stable);
    }

    /**
     * Two arms.
     *
     * @param stable the stable arm's chance to fail at a look
     * @param candidate the candidate's
     * @param requests of the candidate arm from one look to the next
     * @param weight the candidate's share of requests, in percent
     */
    private record Arms(
            String name, DoubleUnaryOperator stable, DoubleUnaryOperator candidate, int requests, int weight) {
        static Arms steady(double stable, double candidate, int requests, int weight) {
            String name = "stable %.1f%%, candidate %.1f%%, weight %d, %d a look"
                    .formatted(stable * 100, candidate * 100, weight, requests);
            return new Arms(name, _ -> stable, _ -> candidate, requests, weight);
        }

        int stableRequests() {
            return requests * (100 - weight) / weight;
        }
    }

    /** Shares of rollouts, and the candidate requests that half of those needed that were shown to be not worse. */
    private record Rates(double notWorse, double worse, double nothing, double requests) {}

    private final SplittableRandom random = new SplittableRandom(20260301);

    @Test
    void aCandidateThatIsWorseByTheMarginHardlyEverPasses() {
        for (double stable : new double[] {0, 0.001, 0.01, 0.05}) {
            for (int weight : new int[] {10, 50}) {
                Rates rates = rates(Arms.steady(stable, stable + MARGIN, 20, weight), 2 * HOUR);
                assertThat(rates.notWorse() + rates.worse()).isLessThanOrEqualTo(MOST_WRONG);
            }
        }
    }

    @Test
    void aCandidateThatIsWorseByTwiceTheMarginIsFoundOut() {
        for (double stable : new double[] {0, 0.001, 0.01}) {
            Rates rates = rates(Arms.steady(stable, stable + 2 * MARGIN, 20, 10), 2 * HOUR);
            assertThat(rates.notWorse()).isLessThanOrEqualTo(MOST_WRONG);
            assertThat(rates.worse()).isGreaterThan(0.95);
        }
    }

    @Test
    void aCandidateThatIsNoWorsePassesAndIsHardlyEverBlamed() {
        for (double both : new double[] {0, 0.001, 0.01, 0.02}) {
            for (int weight : new int[] {10, 50}) {
                Rates rates = rates(Arms.steady(both, both, 20, weight), 4 * HOUR);
                assertThat(rates.worse()).isLessThanOrEqualTo(MOST_WRONG);
                assertThat(rates.notWorse()).isGreaterThan(0.95);
            }
        }
    }

    @Test
    void oneRequestInTenSecondsIsEnoughOvernight() {
        Rates equal = rates(Arms.steady(0.001, 0.001, 1, 10), 8 * HOUR);
        assertThat(equal.notWorse()).isGreaterThan(0.99);
        Rates worse = rates(Arms.steady(0.001, 0.001 + MARGIN, 1, 10), 8 * HOUR);
        assertThat(worse.notWorse() + worse.worse()).isLessThanOrEqualTo(MOST_WRONG);
    }

    @Test
    void chancesThatChangeWithTimeDoNotFoolIt() {
        // Every tenth look both arms fail twenty times as often, as when something behind them falters.
        DoubleUnaryOperator faltering = look -> look % 10 < 1 ? 0.04 : 0.002;
        Arms arms = new Arms("faltering", faltering, faltering.andThen(chance -> chance + MARGIN), 20, 10);
        Rates rates = rates(arms, 2 * HOUR);
        assertThat(rates.notWorse() + rates.worse()).isLessThanOrEqualTo(MOST_WRONG);
    }

    /** What these simulations find in a test that is right for one look only: if they could not see this, they would prove nothing. */
    @Test
    void theSameLooksFoolATestThatIsMeantForOneLook() {
        Rates rates = rates(Arms.steady(0.01, 0.01 + MARGIN, 20, 10), ComparisonRatesTest::oneLook, 2 * HOUR);
        assertThat(rates.notWorse()).isGreaterThan(3 * MOST_WRONG);
    }

    /** The textbook's one-sided test for the difference of two proportions, at 95%, from five errors on. */
    private static Comparison.Shown oneLook(Tally.Counted candidate, Tally.Counted stable) {
        if (candidate.errors() < 5 || stable.errors() < 5) {
            return Comparison.Shown.NOTHING;
        }
        double variance = candidate.ratio() * (1 - candidate.ratio()) / candidate.responses()
                + stable.ratio() * (1 - stable.ratio()) / stable.responses();
        double z = (candidate.ratio() - stable.ratio() - MARGIN) / Math.sqrt(variance);
        return z < -1.645 ? Comparison.Shown.NOT_WORSE : Comparison.Shown.NOTHING;
    }

    private Rates rates(Arms arms, int looks) {
        return rates(arms, COMPARISON::shown, looks);
    }

    private Rates rates(Arms arms, Look look, int looks) {
        Map<Comparison.Shown, Integer> shown = new EnumMap<>(Comparison.Shown.class);
        int[] needed = new int[ROLLOUTS];
        for (int i = 0; i < ROLLOUTS; i++) {
            Comparison.Shown result = Comparison.Shown.NOTHING;
            Tally.Counted candidate = new Tally.Counted(0, 0);
            Tally.Counted stable = new Tally.Counted(0, 0);
            for (int at = 0; at < looks && result == Comparison.Shown.NOTHING; at++) {
                candidate = more(candidate, arms.requests(), arms.candidate().applyAsDouble(at));
                stable = more(stable, arms.stableRequests(), arms.stable().applyAsDouble(at));
                result = look.shown(candidate, stable);
            }
            shown.merge(result, 1, Integer::sum);
            needed[i] = result == Comparison.Shown.NOT_WORSE ? (int) candidate.responses() : Integer.MAX_VALUE;
        }
        return told(arms.name(), shown, needed);
    }

    private static Rates told(String name, Map<Comparison.Shown, Integer> shown, int[] needed) {
        Arrays.sort(needed);
        Rates rates = new Rates(
                share(shown.getOrDefault(Comparison.Shown.NOT_WORSE, 0)),
                share(shown.getOrDefault(Comparison.Shown.WORSE, 0)),
                share(shown.getOrDefault(Comparison.Shown.NOTHING, 0)),
                needed[shown.getOrDefault(Comparison.Shown.NOT_WORSE, 0) / 2]);
        System.out.printf(
                "%-55s not worse %5.1f%%, worse %5.1f%%, nothing %5.1f%%%s%n",
                name,
                rates.notWorse() * 100,
                rates.worse() * 100,
                rates.nothing() * 100,
                rates.notWorse() > 0.5 ? ", after %.0f candidate requests".formatted(rates.requests()) : "");
        return rates;
    }

    private static double share(int of) {
        return of / (double) ROLLOUTS;
    }

    private Tally.Counted more(Tally.Counted before, int requests, double chance) {
        return new Tally.Counted(before.responses() + requests, before.errors() + errors(requests, chance));
    }

    /** Errors among so many requests, drawn by the gaps between them. */
    private int errors(int requests, double chance) {
        if (chance == 0) {
            return 0;
        }
        int errors = 0;
        double at = gap(chance);
        while (at <= requests) {
            errors++;
            at += gap(chance);
        }
        return errors;
    }

    private double gap(double chance) {
        return 1 + Math.floor(Math.log(1 - random.nextDouble()) / Math.log1p(-chance));
    }
}
