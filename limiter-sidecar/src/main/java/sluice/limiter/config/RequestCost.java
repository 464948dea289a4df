package sluice.limiter.config;

/**
 * What requests of one kind cost.
 *
 * @param tokens 0: a request of this kind is free, and the limit does not apply to it
 */
public record RequestCost(LimitMatch match, long tokens) {}
