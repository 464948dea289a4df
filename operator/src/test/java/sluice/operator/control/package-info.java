@NullMarked
package sluice.operator.control;

import org.jspecify.annotations.NullMarked;
