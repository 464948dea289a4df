package sluice.observability.dashboard;

/**
 * What a panel asks Prometheus.
 *
 * @param promql with Grafana's variables, such as {@code $namespace} and {@code $__rate_interval}
 * @param legend what a series is called; {@code {{label}}} stands for a label's value
 * @param limit whether it is a limit for the others, and drawn so
 */
public record Query(String promql, String legend, boolean limit) {}
