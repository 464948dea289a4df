package sluice.limiter.limit;

/**
 * One bucket after a decision. Times are rounded down to the microsecond.
 *
 * @param remaining whole tokens left
 * @param resetMicros microseconds until the bucket is full
 * @param retryMicros microseconds until it has the tokens demanded, 1 at least; 0 when it has them now, or gave them
 */
public record BucketLevel(long remaining, long resetMicros, long retryMicros) {}
