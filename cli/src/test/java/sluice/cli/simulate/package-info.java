@NullMarked
package sluice.cli.simulate;

import org.jspecify.annotations.NullMarked;
