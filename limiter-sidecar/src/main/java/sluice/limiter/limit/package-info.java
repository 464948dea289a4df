/** Which limits a request falls under, and whether its caller has the tokens: the judgement itself. */
@NullMarked
package sluice.limiter.limit;

import org.jspecify.annotations.NullMarked;
