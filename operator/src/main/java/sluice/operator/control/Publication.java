package sluice.operator.control;

import java.time.Duration;

/**
 * What the sidecars of a rollout are to do.
 *
 * @param config the LimiterConfig document on one line
 * @param lease how long a sidecar keeps the candidate without a heartbeat
 */
public record Publication(long epoch, String config, Duration lease) {}
