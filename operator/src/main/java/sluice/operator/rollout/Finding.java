package sluice.operator.rollout;

import java.util.OptionalDouble;

/**
 * A rule's verdict on one scope.
 *
 * @param value the newest sample's, for ThrottledRatio candidate minus stable
 * @param threshold in the signal's unit, with the baseline multiplied in
 */
public record Finding(Signal signal, Scope scope, OptionalDouble value, double threshold, Verdict verdict) {}
