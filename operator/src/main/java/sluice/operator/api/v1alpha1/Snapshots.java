package sluice.operator.api.v1alpha1;

/** Regular reports. */
public record Snapshots(String every, String during) {}
