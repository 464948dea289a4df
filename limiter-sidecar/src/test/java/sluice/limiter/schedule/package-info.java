@NullMarked
package sluice.limiter.schedule;

import org.jspecify.annotations.NullMarked;
