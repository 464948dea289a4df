/** Benchmarks of the buckets. */
@NullMarked
package sluice.limiter.limit;

import org.jspecify.annotations.NullMarked;
