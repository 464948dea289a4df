/** The judgement of one request, as the proxy asks for it: which arm, which caller, and whether it may pass. */
@NullMarked
package sluice.limiter.judge;

import org.jspecify.annotations.NullMarked;
