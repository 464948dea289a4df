package sluice.limiter.config;

import java.time.Duration;

/**
 * Every request is answered with 503, those for exempt paths aside.
 *
 * @param retryAfter what callers are told to wait
 */
public record Maintenance(Duration retryAfter) {

    public static final Duration DEFAULT_RETRY_AFTER = Duration.ofMinutes(5);
    public static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(31);
}
