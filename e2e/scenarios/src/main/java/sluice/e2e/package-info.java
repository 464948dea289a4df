/** The demonstration: one rollout that goes well, four that come back, and an outage, on a real cluster. */
@NullMarked
package sluice.e2e;

import org.jspecify.annotations.NullMarked;
