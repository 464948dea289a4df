@NullMarked
package sluice.operator.admission;

import org.jspecify.annotations.NullMarked;
