@NullMarked
package sluice.operator.metrics;

import org.jspecify.annotations.NullMarked;
