@NullMarked
package sluice.limiter;

import org.jspecify.annotations.NullMarked;
