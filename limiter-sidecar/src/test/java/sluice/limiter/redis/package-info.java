@NullMarked
package sluice.limiter.redis;

import org.jspecify.annotations.NullMarked;
