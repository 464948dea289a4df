/** Benchmarks of what reads and writes headers. */
@NullMarked
package sluice.limiter.proxy;

import org.jspecify.annotations.NullMarked;
