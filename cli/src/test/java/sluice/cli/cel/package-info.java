@NullMarked
package sluice.cli.cel;

import org.jspecify.annotations.NullMarked;
