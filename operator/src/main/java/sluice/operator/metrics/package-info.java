/** What the operator says of itself: health and metrics over plain HTTP. */
@NullMarked
package sluice.operator.metrics;

import org.jspecify.annotations.NullMarked;
