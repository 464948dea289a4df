/** Whether a resource would be accepted. */
@NullMarked
package sluice.cli.check;

import org.jspecify.annotations.NullMarked;
