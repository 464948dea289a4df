package sluice.operator.rollout;

/**
 * Keeps a step from being left while the newest value, the candidate arm's unless it is a query's, is over {@code max}; never brings it back.
 *
 * @param max in the signal's unit
 */
public record Gate(Signal signal, double max) {}
