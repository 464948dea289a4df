package sluice.operator.rollout;

/**
 * Keeps a step from being left while the candidate arm's newest value is over {@code max}; never brings it back.
 *
 * @param max in the signal's unit
 */
public record Gate(Signal signal, double max) {}
