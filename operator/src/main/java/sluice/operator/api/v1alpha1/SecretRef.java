package sluice.operator.api.v1alpha1;

/** A Secret in the rollout's namespace. */
public record SecretRef(String name) {}
