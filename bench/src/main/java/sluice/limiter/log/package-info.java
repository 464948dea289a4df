/** Benchmarks of the request log. */
@NullMarked
package sluice.limiter.log;

import org.jspecify.annotations.NullMarked;
