/** The operator under as much as it must carry, in figures. Small by default; system properties say how much: see bench/run. */
@NullMarked
package sluice.operator.scale;

import org.jspecify.annotations.NullMarked;
