package sluice.operator.api.v1alpha1;

/** Answering every request with 503. */
public record Maintenance(boolean enabled, String retryAfter) {}
