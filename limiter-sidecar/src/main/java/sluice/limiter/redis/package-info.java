/** Buckets in Redis, shared by all pods, and what takes their place while Redis cannot be asked. */
@NullMarked
package sluice.limiter.redis;

import org.jspecify.annotations.NullMarked;
