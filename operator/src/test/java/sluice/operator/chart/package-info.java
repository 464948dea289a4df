/** The chart, rendered by helm and put to a real API server. */
@NullMarked
package sluice.operator.chart;

import org.jspecify.annotations.NullMarked;
