package sluice.observability.dashboard;

/**
 * Moments of interest.
 *
 * @param promql gives a series for each, whose value is the moment, in milliseconds of the epoch
 * @param text what is said of one; {@code {{label}}} stands for a label's value
 */
public record Annotation(String name, String promql, String text) {}
