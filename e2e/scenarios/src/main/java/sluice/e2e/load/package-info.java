/** Constant load through the WAF and what became of each request. */
@NullMarked
package sluice.e2e.load;

import org.jspecify.annotations.NullMarked;
