@NullMarked
package sluice.limiter.identity;

import org.jspecify.annotations.NullMarked;
