package sluice.operator.rollout;

import java.util.Comparator;
import java.util.OptionalDouble;

/**
 * A rule's verdict on one scope.
 *
 * @param value the newest sample's, for ThrottledRatio candidate minus stable
 * @param threshold in the signal's unit, with the baseline multiplied in
 */
public record Finding(Signal signal, Scope scope, OptionalDouble value, double threshold, Verdict verdict) {
    static final Comparator<Finding> WORST_FIRST = Comparator.comparingInt(Finding::rank)
            .thenComparing(Comparator.comparingDouble(Finding::share).reversed());

    /** Whether the newest sample is at or over the threshold, be it for the whole window or not yet. */
    boolean isBreach() {
        return verdict instanceof Verdict.Breaching || verdict instanceof Verdict.Broken;
    }

    private int rank() {
        return switch (verdict) {
            case Verdict.Broken _ -> 0;
            case Verdict.Breaching _ -> 1;
            case Verdict.Unknown _ -> 2;
            case Verdict.NoTraffic _ -> 3;
            case Verdict.Healthy _ -> 4;
        };
    }

    /** How much of the threshold is used up. */
    private double share() {
        return threshold > 0 ? value.orElse(0) / threshold : 0;
    }
}
