package sluice.limiter.config;

import java.time.Duration;

/**
 * How Redis is reached.
 *
 * @param secret the folder below the mounted secrets that holds {@code REDIS_URL} and its companions
 * @param timeout how long a decision may wait for Redis before it is taken in memory
 */
public record RedisSettings(String secret, Duration timeout) {}
