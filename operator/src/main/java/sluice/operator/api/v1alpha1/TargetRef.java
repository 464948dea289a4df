package sluice.operator.api.v1alpha1;

/** The workload whose pods get the sidecar. */
public record TargetRef(TargetKind kind, String name) {}
