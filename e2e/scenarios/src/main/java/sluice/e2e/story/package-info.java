/** What demo and tests make happen: a promotion, rollbacks, an outage. */
@NullMarked
package sluice.e2e.story;

import org.jspecify.annotations.NullMarked;
