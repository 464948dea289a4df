@NullMarked
package sluice.limiter.metrics;

import org.jspecify.annotations.NullMarked;
