@NullMarked
package sluice.cli.admission;

import org.jspecify.annotations.NullMarked;
