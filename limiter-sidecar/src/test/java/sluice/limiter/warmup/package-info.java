@NullMarked
package sluice.limiter.warmup;

import org.jspecify.annotations.NullMarked;
