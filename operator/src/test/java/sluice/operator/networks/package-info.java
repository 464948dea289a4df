@NullMarked
package sluice.operator.networks;

import org.jspecify.annotations.NullMarked;
