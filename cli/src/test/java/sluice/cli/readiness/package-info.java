/** Tests of the readiness package. */
@NullMarked
package sluice.cli.readiness;

import org.jspecify.annotations.NullMarked;
