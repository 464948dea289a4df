/** Why a rollout is where it is. */
@NullMarked
package sluice.cli.explain;

import org.jspecify.annotations.NullMarked;
