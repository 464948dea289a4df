package sluice.limiter.limit;

import sluice.limiter.config.BucketSize;

/**
 * What one request wants of one limit.
 *
 * @param limit the limit's name, which names the caller's bucket
 * @param size the bucket's size for this caller
 * @param cost the tokens to take, from 1 to {@code size.largestCost()}
 */
public record Demand(String limit, BucketSize size, long cost) {}
