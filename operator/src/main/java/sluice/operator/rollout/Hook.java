package sluice.operator.rollout;

import java.time.Duration;

/**
 * A Job that is to be run, and to succeed, at some point of the rollout.
 *
 * @param name tells it from the rollout's other hooks
 * @param rollsBack whether its failure brings the stable limiter back, rather than keeping the rollout where it is
 * @param timeout how long it may take from when it is wanted
 */
public record Hook(String name, HookPoint when, boolean rollsBack, Duration timeout) {}
