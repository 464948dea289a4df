/**
 * Deciding what a rollout does next: pure, no clock, no I/O, no library.
 *
 * <p>The caller observes, calls {@link sluice.operator.rollout.RolloutDecider#decide}, commits the resulting state, and only then
 * carries it out. Everything a later decision needs is in {@link sluice.operator.rollout.RolloutState}.
 */
@NullMarked
package sluice.operator.rollout;

import org.jspecify.annotations.NullMarked;
