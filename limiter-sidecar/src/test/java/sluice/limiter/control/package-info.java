@NullMarked
package sluice.limiter.control;

import org.jspecify.annotations.NullMarked;
