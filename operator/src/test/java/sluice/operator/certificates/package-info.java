@NullMarked
package sluice.operator.certificates;

import org.jspecify.annotations.NullMarked;
