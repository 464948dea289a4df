/** The request log and the other log lines: pure JSON, one line each, never waiting for the reader. */
@NullMarked
package sluice.limiter.log;

import org.jspecify.annotations.NullMarked;
