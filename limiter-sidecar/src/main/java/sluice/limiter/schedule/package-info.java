/** Tasks that are run again and again. */
@NullMarked
package sluice.limiter.schedule;

import org.jspecify.annotations.NullMarked;
