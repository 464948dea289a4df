@NullMarked
package sluice.operator;

import org.jspecify.annotations.NullMarked;
