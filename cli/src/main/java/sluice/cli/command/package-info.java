/** Telling the operator what to do with a rollout, and asking how it is. */
@NullMarked
package sluice.cli.command;

import org.jspecify.annotations.NullMarked;
