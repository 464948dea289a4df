package sluice.e2e.measure;

/** What chance alone does to the share of callers in the candidate arm: each is in it with the probability of the weight, whoever else is. */
final class Chance {
    private Chance() {}

    /**
     * How likely it is that a share is as far from the weight as this one, or farther: a sum of the binomial distribution, which is exact for any number
     * of callers.
     *
     * @param weight in percent, 1 to 100
     * @param candidates callers in the candidate arm
     * @param callers in either arm
     * @return from 0 to 1
     */
    static double ofShare(int weight, long candidates, int callers) {
        if (weight == 100) {
            return candidates == callers ? 1 : 0;
        }
        double odds = weight / (100.0 - weight);
        double chance = 0;
        // By logarithms: a double cannot hold how unlikely it is that none of thousands is in it.
        double log = callers * Math.log1p(-weight / 100.0);
        for (int in = 0; in <= callers; in++) {
            if (distance(weight, in, callers) >= distance(weight, candidates, callers)) {
                chance += Math.exp(log);
            }
            log += Math.log(odds * (callers - in) / (in + 1));
        }
        return chance;
    }

    /** From the number that the weight stands for, in hundredths of a caller: whole numbers, for two shares may be equally far. */
    private static long distance(int weight, long candidates, int callers) {
        return Math.abs(100 * candidates - (long) weight * callers);
    }
}
