/** Figures, counted from logs and results only. */
@NullMarked
package sluice.e2e.measure;

import org.jspecify.annotations.NullMarked;
