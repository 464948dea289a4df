package sluice.operator.api.v1alpha1;

/** How to reach Redis. */
public record Redis(SecretRef secretRef, String timeout) {}
