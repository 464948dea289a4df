/** A rollout as anybody sees it who can read the resource. */
@NullMarked
package sluice.e2e.rollout;

import org.jspecify.annotations.NullMarked;
