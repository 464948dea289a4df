@NullMarked
package sluice.operator.kubernetes;

import org.jspecify.annotations.NullMarked;
