package sluice.operator.api.v1alpha1;

/** Where the rollout stands. */
public record RateLimitRolloutStatus() {}
