/** Benchmarks of what finds out who is calling. */
@NullMarked
package sluice.limiter.identity;

import org.jspecify.annotations.NullMarked;
