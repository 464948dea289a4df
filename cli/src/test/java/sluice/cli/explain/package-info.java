@NullMarked
package sluice.cli.explain;

import org.jspecify.annotations.NullMarked;
