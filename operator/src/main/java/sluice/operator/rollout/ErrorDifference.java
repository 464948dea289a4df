package sluice.operator.rollout;

/**
 * What counted errors say about the difference between two arms' shares of failed requests, however often one looks.
 *
 * <p>Every request fails with some chance p, which may be another one for each and depend on all that happened before. Let L be the sum of
 * these chances over an arm's requests so far, and x the arm's errors. For each r at or above 0 the product of r^X e^((1-r)p) over the
 * requests, X being 1 for an error and else 0, is a supermartingale that begins at 1, because the mean of r^X is 1 + (r-1)p, which is at
 * most e^((r-1)p). So is its mean over an r with the density e^-r, which is e^L x! / (1+L)^(x+1), and so is the product of the two arms'.
 * Such a product ever reaches 1/a with a chance of at most a (Ville's inequality). All pairs of sums for which it is below 1/a are therefore
 * a confidence sequence: with confidence 1-a the true pair is among them at every look. They form a convex set around the arms' errors,
 * which the line of all pairs with a given difference does not touch as soon as the product is at least 1/a everywhere on the line.
 *
 * <p>Nothing but the present counts is needed, neither their order nor what an earlier look saw.
 *
 * @see <a href="https://arxiv.org/abs/2410.09282">Lindon and Kallus, Anytime-Valid Continuous-Time Confidence Processes for Inhomogeneous
 *     Poisson Processes, 2024</a>, of which this is the case of requests that are counted one by one
 * @see <a href="https://doi.org/10.1214/20-AOS1991">Howard, Ramdas, McAuliffe and Sekhon, Time-uniform, nonparametric, nonasymptotic confidence
 *     sequences, Annals of Statistics 49(2), 2021</a>, for the method of mixtures
 */
final class ErrorDifference {
    /** Halves an interval until what is left of it is below what a double tells apart. */
    private static final int HALVINGS = 60;

    private static final double STIRLING_FROM = 10;

    private ErrorDifference() {}

    /**
     * The natural logarithm of the evidence against every pair of chances with this difference, the candidate's minus the stable arm's; the one
     * that is hardest to rule out counts. Both arms have responses.
     */
    static double evidenceAgainst(double difference, Tally.Counted candidate, Tally.Counted stable) {
        double slope = candidate.responses() / stable.responses();
        double offset = difference * candidate.responses();
        double least = leastOnLine(slope, offset, candidate.errors(), stable.errors());
        return evidence(candidate.errors(), slope * least + offset) + evidence(stable.errors(), least);
    }

    /** Where on the line the evidence is least, as the stable arm's sum: between the points that are best for each arm alone. */
    private static double leastOnLine(double slope, double offset, double candidateErrors, double stableErrors) {
        double bestForCandidate = Math.max(0, (candidateErrors - offset) / slope);
        double low = Math.min(bestForCandidate, stableErrors);
        double high = Math.max(bestForCandidate, stableErrors);
        for (int i = 0; i < HALVINGS && low < high; i++) {
            double middle = low + (high - low) / 2;
            double rise = slope * rise(candidateErrors, slope * middle + offset) + rise(stableErrors, middle);
            if (rise > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** The logarithm of e^sum errors! / (1+sum)^(errors+1). */
    private static double evidence(double errors, double sum) {
        return sum + logFactorial(errors) - (errors + 1) * Math.log1p(sum);
    }

    /** How fast {@link #evidence} rises with the sum; it rises faster and faster, so there is one least point. */
    private static double rise(double errors, double sum) {
        return 1 - (errors + 1) / (1 + sum);
    }

    /** The logarithm of n!, also between whole numbers. Stirling's series from 10 on, where three terms are exact to ten digits. */
    static double logFactorial(double n) {
        double x = n;
        double passed = 0;
        while (x < STIRLING_FROM) {
            x++;
            passed += Math.log(x);
        }
        double square = x * x;
        double series = (1.0 / 12 - (1.0 / 360 - 1.0 / (1260 * square)) / square) / x;
        return x * Math.log(x) - x + Math.log(2 * Math.PI * x) / 2 + series - passed;
    }
}
