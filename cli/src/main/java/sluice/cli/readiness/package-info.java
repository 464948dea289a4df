/** The readiness package: what one run has shown, on a page for whoever has to sign, and beside it the files that say so. */
@NullMarked
package sluice.cli.readiness;

import org.jspecify.annotations.NullMarked;
