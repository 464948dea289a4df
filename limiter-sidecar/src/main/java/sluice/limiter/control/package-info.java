/** Where the configuration comes from: the bootstrap file, the operator's stream and the lease on it. */
@NullMarked
package sluice.limiter.control;

import org.jspecify.annotations.NullMarked;
