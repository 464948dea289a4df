package sluice.cli.backtest;

import java.util.Arrays;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.StopLossRule;

/** How one signal of the whole service varies, by its newest value at each moment. */
final class Noise {
    /**
     * The figures; NaN for those that nothing is known of.
     *
     * @param moments how many were looked at
     * @param missing the share of them without data
     * @param noTraffic the share of them without requests
     * @param threshold the rule's, the latest where it depends on a baseline
     * @param nearest the largest value as a share of its threshold; 1 and more is a breach
     */
    record Figures(
            String signal,
            int moments,
            double median,
            double p95,
            double max,
            double missing,
            double noTraffic,
            double threshold,
            double nearest) {}

    private final StopLossRule rule;
    private double[] values = new double[1024];
    private int count;
    private int moments;
    private int missing;
    private double threshold = Double.NaN;
    private double nearest = Double.NaN;

    Noise(StopLossRule rule) {
        this.rule = rule;
    }

    void look(Signals seen) {
        moments++;
        switch (seen.reading(rule.signal(), Scope.SERVICE)) {
            case Reading.Value(Samples samples) -> add(samples.last().value());
            case Reading.Missing _ -> missing++;
            case Reading.NoTraffic _ -> {}
        }
    }

    private void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    /** Takes note of how near a value is to what the rule makes of it. */
    void compare(Finding finding) {
        if (finding.value().isPresent() && finding.threshold() > 0) {
            threshold = finding.threshold();
            double share = finding.value().getAsDouble() / threshold;
            nearest = Double.isNaN(nearest) ? share : Math.max(nearest, share);
        }
    }

    Figures figures() {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return new Figures(
                rule.signal().text(),
                moments,
                quantile(sorted, 0.5),
                quantile(sorted, 0.95),
                quantile(sorted, 1),
                share(missing),
                share(moments - missing - count),
                threshold,
                nearest);
    }

    private double share(int part) {
        return moments == 0 ? Double.NaN : (double) part / moments;
    }

    /** The smallest value that as many as that share are not above. */
    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
