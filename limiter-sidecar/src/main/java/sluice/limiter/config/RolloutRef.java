package sluice.limiter.config;

/** The RateLimitRollout that a configuration belongs to. */
public record RolloutRef(String namespace, String name, String uid) {}
