package sluice.operator.api.v1alpha1;

/** Bearer tokens that name the user. */
public record Jwt(SecretRef jwksSecretRef, String claim) {}
