package sluice.limiter.judge;

import java.time.Duration;

/**
 * A caller's standing at a limit that matched, as the RateLimit headers tell it.
 *
 * @param limit the limit's name
 * @param tokens tokens per period, the quota
 * @param period the time in which the quota refills
 * @param burst the most that can be saved up, in tokens
 * @param remaining whole tokens left after this request
 * @param reset time until the bucket is full again
 */
public record LimitState(String limit, long tokens, Duration period, long burst, long remaining, Duration reset) {}
