/** As much of the Common Expression Language as the rules of the resource's schema are written in. */
@NullMarked
package sluice.cli.cel;

import org.jspecify.annotations.NullMarked;
